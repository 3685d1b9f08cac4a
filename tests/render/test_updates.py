"""Steps of gradient descent behind an explanation: descent and ascent, one and many, what is refused."""

from __future__ import annotations

import json

import pytest

import backprop_tutor as bt
from backprop_tutor.translation import speaking

PROGRAM, AT = "L = (w1*x1 + w2*x2 - 1)^2", {"w1": 0, "w2": 1, "x1": 2, "x2": 3}


def ending(**options: object) -> list[str]:
    """Return the lines of the update, the last part of a brief explanation."""
    text = bt.derive(PROGRAM, at=AT).explain(detail="brief", check=False, **options)
    return text[text.index("Update:") :].splitlines()


def test_many_steps_are_a_table() -> None:
    """The first step with its gradients, then the course: the output and what moved."""
    assert ending(update=0.02, steps=3, wrt="w1, w2") == [
        "Update: 3 steps of gradient descent",
        "  new = old − η · gradient, η = 0.02, every gradient the old one",
        "  parameter  old  gradient    new",
        "  ─────────  ───  ────────  ─────",
        "  w₁           0         8  −0.16",
        "  w₂           1        12   0.76",
        "  That was the first step; the course of all:",
        "  after step        L       w₁      w₂",
        "  ──────────  ───────  ───────  ──────",
        "           0        4        0       1",
        "           1   0.9216    −0.16    0.76",
        "           2   0.2123  −0.2368  0.6448",
        "           3  0.04892  −0.2737  0.5895",
        "  L goes from 4 to 0.04892",
    ]


def test_only_what_is_named_moves() -> None:
    """`wrt` chooses; an input that is no weight can be moved too; one step is exact."""
    lines = ending(update=0.25, wrt=["x1"])
    assert lines[0] == "Update: one step of gradient descent"
    assert lines[4:] == ["  x₁           2         0    2", "  L goes from 4 to 4"]
    assert bt.descend("L = w/3", {"w": 1}, lr=1, steps=1).losses[1] == bt.derive("a = 2/9", at={}).values["a"]


def test_a_course_has_eleven_rows_at_most() -> None:
    """Of a hundred steps the first, the last and nine between them are shown."""
    rows = [line.split()[0] for line in ending(update=0.001, steps=100) if line.strip()[:1].isdigit()]
    assert rows == ["0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100"]


def test_a_course_of_many_parameters() -> None:
    """More than six are shown at first and at last, beside the output's course."""
    names = [f"w{i}" for i in range(1, 9)]
    d = bt.derive("L = " + " + ".join(f"({name} - 1)^2" for name in names), at=dict.fromkeys(names, 0))
    text = d.explain(detail="brief", check=False, update=0.25, steps=2)
    assert text.endswith(
        "  after step    L\n  ──────────  ───\n           0    8\n           1    2\n           2  0.5\n"
        "  parameter  at first  at last\n  ─────────  ────────  ───────\n"
        + "".join(f"  {name[0]}{'₁₂₃₄₅₆₇₈'[i]}                0     0.75\n" for i, name in enumerate(names))
        + "  L goes from 8 to 0.5\n"
    )


@pytest.mark.parametrize("options", [{"update": -0.5}, {"update": 0.5, "maximize": True}])
def test_ascent_is_said(options: dict[str, object]) -> None:
    """A negative rate and `maximize` climb, and the words say so."""
    d = bt.derive("f = 4*w - w^2", at={"w": 1})
    text = d.explain(detail="brief", check=False, **options)
    assert text[text.index("Update:") :] == (
        "Update: one step of gradient ascent\n"
        "  new = old + η · gradient, η = 0.5, every gradient the old one: towards larger f\n"
        "  parameter  old  gradient  new\n  ─────────  ───  ────────  ───\n"
        "  w            1         2    2\n  f goes from 3 to 4\n"
    )
    assert d.update(-0.5).values["f"] == d.update(0.5, maximize=True).values["f"] == 4
    course = bt.descend("f = 4*w - w^2", {"w": 1}, lr=-0.5, steps=1)
    assert (course.lr, course.losses, course.points) == (-0.5, (3, 4), ((1,), (2,)))
    assert bt.descend("f = 4*w - w^2", {"w": 1}, lr=0.5, steps=1, maximize=True).at == {"w": 2}


def test_json_has_the_whole_course() -> None:
    """Every step with its values, the start included; without further steps there is no course."""
    d = bt.derive(PROGRAM, at=AT)
    update = json.loads(d.explain("json", update=0.02, steps=2, wrt="w1"))["update"]
    assert [row["step"] for row in update["course"]] == [0, 1, 2]
    assert list(update["course"][1]["values"]) == ["w1"]
    assert update["course"][2]["output"] == update["output_after"]
    assert "course" not in json.loads(d.explain("json", update=0.02))["update"]


@pytest.mark.parametrize("format_", ["markdown", "latex"])
def test_the_other_formats_have_the_course(format_: str) -> None:
    """The table stands in Markdown and in LaTeX too."""
    text = bt.derive(PROGRAM, at=AT).explain(format_, check=False, update=0.02, steps=3)
    assert "the course of all" in text


def test_a_course_in_korean() -> None:
    """Heads and sentences are in Korean."""
    with speaking("ko"):
        lines = ending_in_korean()
    assert lines[0] == "갱신: 경사 상승 2번"
    assert lines[1].endswith("L이 커지는 쪽")


def ending_in_korean() -> list[str]:
    text = bt.derive(PROGRAM, at=AT).explain(detail="brief", check=False, update=-0.02, steps=2)
    return text[text.index("갱신:") :].splitlines()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 3}, "`steps` belongs to an update: give its learning rate too"),
        ({"wrt": "w1"}, "`wrt` belongs to an update: give its learning rate too"),
        ({"maximize": True}, "`maximize` belongs to an update: give its learning rate too"),
        ({"update": 0.1, "steps": 0}, "steps of an update is a whole number, 1 or more, not 0"),
        ({"update": 0.1, "steps": 2.0}, "steps of an update is a whole number, 1 or more, not 2.0"),
        ({"update": 0.1, "steps": True}, "steps of an update is a whole number, 1 or more, not True"),
        ({"update": 0.0}, "the learning rate lr is positive to descend or negative to climb, not 0.0"),
        ({"update": -0.1, "maximize": True},
         "a negative lr climbs already, and so does maximize: give one of them, not both"),
        ({"update": 0.1, "wrt": "w3"},
         "`w3` is not an input, so it cannot be updated; its inputs: w1, x1, w2, x2"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("format_", ["text", "json"])
def test_what_does_not_fit_is_refused(format_: str, options: dict[str, object], message: str) -> None:
    """In every format alike, before anything is written."""
    with pytest.raises(bt.OptionError) as refused:
        bt.derive(PROGRAM, at=AT).explain(format_, **options)
    assert str(refused.value) == message


def test_a_course_that_diverges_says_at_which_step() -> None:
    """A rate that is too large ends in the step's number and the operation that overflowed."""
    with pytest.raises(bt.DomainError, match=r"^step \d+ of gradient descent: L = .* overflows"):
        bt.descend("L = (w - 1)^2", {"w": 3}, lr=10, steps=2000)


def test_steps_have_a_limit() -> None:
    """More steps than an explanation takes are refused in words."""
    d = bt.derive("L = (w*x - 1)^2", {"w": 0, "x": 2})
    for steps in (100_001, 99_999_999, 10**400):
        with pytest.raises(bt.OptionError) as caught:
            d.explain(update=0.1, steps=steps)
        assert str(caught.value) == "an explanation takes at most 100,000 steps of an update"
