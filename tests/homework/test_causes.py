"""Causes on sheets made without the tutor's own passes, and that no message about one is empty."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from searches.causes import run

import backprop_tutor as bt
from backprop_tutor.homework.marking.marker import mark
from backprop_tutor.homework.slips.broken_pass import Plan
from backprop_tutor.homework.slips.slip_table import SLIPS, instances
from backprop_tutor.language import shown_name
from backprop_tutor.locale.keeping import pairs
from backprop_tutor.translation import speaking

NET = "z1 = w1*x + b1; h = tanh(z1); z2 = w2*h + b2; L = (z2 - t)^2/2"
AT = {"w1": 0.75, "x": 1.4, "b1": -0.25, "w2": -1.6, "b2": 0.45, "t": 0.8}


def first(answers: dict[str, str], program: str = NET, at: dict[str, float] = AT) -> tuple[str, str, str]:
    """Return the name, the variant and the place of the cause named first, beside an otherwise right sheet."""
    d = bt.derive(program, at)
    root = mark(d, answers, lr=0.1).root
    assert root is not None
    return root.name, root.variant, root.where


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        ({"dL/dw2": "-0.9379", "new(w2)": "-1.694"}, ("update-step", "ascent", "at w2")),
        ({"dL/dw2": "-0.9379", "new(w2)": "-0.6621"}, ("update-step", "rate left out", "at w2")),
        ({"dL/dw2": "-0.9379", "new(w2)": "-0.09379"}, ("update-step", "step", "at w2")),
        ({"z1": "1.050"}, ("bias-left-out", "", "at z1")),
        ({"z1": "-0.8000"}, ("sign-slip", "", "at z1")),
        ({"h": "6.640"}, ("decimal-point", "", "at h")),
        ({"h": "0.6460"}, ("digits-exchanged", "", "at h")),
        ({"z1": "1.300", "h": "0.8617"}, ("misread-input", "minus dropped", "at b1")),
        ({"z2": "-0.6124", "L": "-1.412"}, ("error-for-loss", "", "at L")),
    ],
)
def test_a_cause_is_named_by_how_likely_it_is(answers: dict[str, str], cause: tuple[str, str, str]) -> None:
    """One cell's arithmetic comes before a rule, and a wrong step is not blamed on a right gradient."""
    right = {"z1": "0.8000", "h": "0.6640", "z2": "-0.6124"}
    assert first({**{k: v for k, v in right.items() if "new(w2)" in answers}, **answers}) == cause


def test_a_number_of_no_rule_has_no_cause() -> None:
    """Where as many of the catalogue's numbers lie about as near to any number, none is named."""
    d = bt.derive(NET, AT)
    marking = mark(d, {"z1": "0.8000", "h": "0.6640", "z2": "-0.61", "dL/dw2": "-0.71"}, lr=0.1)
    assert marking.cells["dL/dw2"].status == "unexplained"


def test_causes_as_likely_as_each_other_are_said_as_equals() -> None:
    """A tie that is as likely as the first says so."""
    root = mark(bt.derive("f = x^2*y", {"x": 3, "y": 5}), {"df/dx": "15"}).root
    assert root is not None
    assert [(tie.name, tie.equal) for tie in root.ties][:1] == [("two-or-half", True)]


def test_causes_are_named_on_sheets_that_know_nothing_of_the_table() -> None:
    """Of every 16th wrong sheet of three groups most causes are named first, and hardly any wrongly."""
    made = islice(run.cases(1, ["losses", "softmax", "cells"]), 0, None, 16)
    kinds = [
        run.judged(each.marker(asked), answers, wrong.causes).kind for wrong, each, asked, answers, _ in made
    ]
    assert len(kinds) > 9
    assert sum(kind.startswith("first") for kind in kinds) >= 0.8 * len(kinds)
    assert sum(kind == "wrong" for kind in kinds) <= 1


@pytest.mark.parametrize("spoken", ["en", "ko"])
def test_no_message_about_a_cause_is_empty(spoken: str) -> None:
    """Every slip says what, what to look at, and where, in both languages and without a name of ours."""
    with speaking(spoken):
        for each in run.CLASSES:
            if each.program.name not in ("gates", "relu network", "softmax, written out", "rarer functions"):
                continue
            plan = Plan(bt.derive(each.program.text(), each.program.at), rates=(0.1,))
            for instance in instances(plan.scene):
                for where in (instance.where(plan), instance.where(plan, shown_name)):
                    assert where.strip()
                    assert "\n" not in where
                    assert "( " not in where
                assert instance.told.strip()
                assert "{" not in instance.told
    assert all(slip.sentence and slip.hint and all(slip.variants.values()) for slip in SLIPS.values())


def test_no_entry_of_the_catalogue_is_empty() -> None:
    """A translation that is empty would print the catalogue's head, or nothing."""
    path = Path(bt.__file__).parent / "locale" / "ko" / "LC_MESSAGES" / "backprop_tutor.po"
    known = pairs(path)
    assert len(known) > 1000
    assert all(shown.strip() for shown in known.values())
