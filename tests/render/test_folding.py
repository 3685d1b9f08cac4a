"""What a terminal is told fits its columns: no word is broken, no line loses its indent."""

from __future__ import annotations

import pytest

import backprop_tutor as bt
from backprop_tutor.errors import columns_of
from backprop_tutor.render.narration.folding import folded, folded_text
from backprop_tutor.render.narration.text import laid_out, text, text_coloured

NETWORK = """
net_h1 = w1*i1 + w2*i2 + b1;  out_h1 = sigmoid(net_h1)
net_o1 = w5*out_h1 + w6*i2 + b2;  out_o1 = sigmoid(net_o1)
E = half_se(out_o1, t1) + half_se(net_h1, t2)
"""
AT = {"w1": 0.15, "w2": 0.2, "b1": 0.35, "i1": 0.05, "i2": 0.1, "w5": 0.4, "w6": 0.45, "b2": 0.6,
      "t1": 0.01, "t2": 0.99}  # fmt: skip


def _document(**options):
    kept = []
    derivation = bt.derive(NETWORK, at=AT)
    derivation.explain(lambda made: kept.append(made) or "", check=False, **options)
    return kept[0]


@pytest.fixture(scope="module")
def document():
    """The explanation of a network with long formulas, tables and sentences."""
    return _document()


def _words(lines: str) -> list[str]:
    return [word for line in lines.splitlines() for word in line.split() if set(word) != {"─"}]


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_nothing_is_wider_than_the_terminal(document, width: int, lang: str) -> None:
    """An explanation has at most as many columns as there are; wide letters count twice."""
    told = text(_document(lang=lang) if lang == "ko" else document, width)
    assert max(map(columns_of, told.splitlines())) <= width
    assert text_coloured(document, width).plain.rstrip() == text(document, width).rstrip() or lang == "ko"


@pytest.mark.parametrize("width", [60, 80])
def test_no_word_is_broken(document, width: int) -> None:
    """Every word of the folded explanation is a word of the whole one."""
    assert set(_words(text(document, width))) <= set(_words(text(document)))


def test_without_a_terminal_lines_are_whole(document) -> None:
    """Where no width is given every line is as it was."""
    assert max(map(columns_of, text(document).splitlines())) > 100


LINES = [
    ("  • one two three", 12, "  • one two\n    three"),
    ("      local       ∂f/∂v = 1   (the slope of it)", 30,
     "      local       ∂f/∂v = 1\n               (the slope of\n               it)"),
    ("      prose that goes on", 16, "      prose that\n      goes on"),
    ("f = a + b + c + d", 10, "f = a + b\n+ c + d"),
    ("  75%  copied (9): the answer of it", 20, "  75%  copied (9):\n       the answer of\n       it"),
    ("  note: 가나다 라마바 사아", 16, "  note: 가나다\n  라마바 사아"),
    ("averyveryverylongword", 10, "averyveryv\nerylongwor\nd"),
    ("w1·x1+w2·x2+w3·x3", 10, "w1·x1+w2·\nx2+w3·x3"),
    ("f = w x + + b\n          ^", 8, "f = w x + + b\n          ^"),
    ("", 10, ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "width", "expected"), LINES)
def test_lines(line: str, width: int, expected: str) -> None:
    """A line is broken between words, before an operator or a remark, and goes on where it began."""
    assert folded_text(line, width) == expected


def test_roles_stay_with_their_pieces() -> None:
    """A piece that is broken keeps its colour on both lines."""
    line = [("  ", ""), ("one two three", "value"), (" four", "")]
    parts = list(folded(line, 9, 2))
    assert parts == [
        [("  ", ""), ("one two", "value")], [("  ", ""), ("three", "value")], [("  ", ""), ("four", "")],
    ]  # fmt: skip


def test_a_table_that_does_not_fit_is_a_list() -> None:
    """In a narrow terminal each row is told below the other, each cell behind its head."""
    rows = [("node", "in → out", "weight"), ("hidden", "2 → 4", "4×2"), ("output", "4 → 1", "")]
    left = frozenset({0})
    assert laid_out(rows, left, 24) == (
        "node    in → out  weight\nhidden     2 → 4     4×2\noutput     4 → 1"
    )
    assert laid_out(rows, left, 23) == (
        "node hidden\n  in → out  2 → 4\n  weight    4×2\nnode output\n  in → out  4 → 1"
    )


def test_a_wide_matrix_stands_below_its_name() -> None:
    """A matrix that has no room behind its formula begins on the next line, its rows aligned."""
    kept = []
    derivation = bt.derive("Z = X@W; L = sum(Z)", at={"X": [[1, 2], [3, 4]], "W": [[10, 20, 30], [40, 50, 60]]})
    derivation.explain(lambda made: kept.append(made) or "", check=False)
    told = text(kept[0], 30)
    assert max(map(columns_of, told.splitlines())) <= 30
    assert "  Z = X @ W =\n    [  90  120  150 ]\n    [ 190  260  330 ]   (2×3)\n" in told


def test_a_long_formula_costs_its_length() -> None:
    """Twenty thousand words are folded in one pass: each line is looked for where the last one ended."""
    line = [("x + ", "value")] * 20_000
    assert sum(1 for _ in folded(line, 40, 2)) == 2223
