from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.motion import frames_pdf
from backprop_tutor.render.typesetting.typeset import lacking, literal, typeset_pdf


@pytest.fixture(autouse=True)
def _typst() -> None:
    pytest.importorskip("typst", reason="the extra pdf is not installed")


def test_all_frames_are_a_page_each(small: bt.Derivation) -> None:
    """A PDF of all frames has as many pages as there are steps, of one step one."""
    assert len(re.findall(rb"/Type /Page\b(?!s)", frames_pdf(small))) in (0, 5)
    assert frames_pdf(small) == frames_pdf(small)
    assert len(frames_pdf(small, 3)) < len(frames_pdf(small))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="there is no pdftotext here")
def test_text_stays_text(small: bt.Derivation, tmp_path: Path) -> None:
    """The words and numbers of a picture can be searched in its PDF, on the page of their step."""
    (tmp_path / "f.pdf").write_bytes(frames_pdf(small, theme="dark"))
    done = subprocess.run(["pdftotext", "f.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    pages = done.stdout.decode("utf-8").split("\f")
    assert len(pages) - 1 == 5
    for number, text in enumerate(pages[:-1], 1):
        assert f"step {number} of 5" in text


@pytest.mark.parametrize("step", [-1, 6, True, "2"])
def test_steps_that_are_none_are_refused(small: bt.Derivation, step: object) -> None:
    """Steps go from 0 to their number."""
    with pytest.raises(bt.OptionError, match="step is a whole number from 0 to 5"):
        frames_pdf(small, step)  # type: ignore[arg-type]


def test_a_string_is_never_markup() -> None:
    """Quotes, backslashes, hashes and line ends of a text stay inside typst's string."""
    text = 'a "b" \\" #panic("x") ]}$ \\u{41}\n\t\x00'
    assert typeset_pdf(f"#text({literal(text)})").startswith(b"%PDF")
    assert literal('"]#x') == '"\\"]#x"'


def test_characters_without_a_font_are_known() -> None:
    """What DejaVu Sans lacks is told from what it has."""
    assert lacking("∂f/∂w₁ ŷ σ 김민 a") == "김민"


def test_an_old_typst_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A typst that is too old is refused with its version and the command that updates it."""
    monkeypatch.setattr("backprop_tutor.render.typesetting.typeset.version", lambda name: "0.13.2")
    with pytest.raises(bt.OptionError, match=r"typst 0\.15 or newer, and 0\.13\.2 is installed"):
        typeset_pdf("#text(\"a\")")
