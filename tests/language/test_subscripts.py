"""Names with subscripts and accents: where braces and accents say that a name ends, it ends."""

from __future__ import annotations

import pytest

import backprop_tutor as bt
from backprop_tutor.language import canonical_name, parse, shown_name
from backprop_tutor.render.narration.formulas import latex_name

NAMES = [
    ("w_{1j} x", "w₁ⱼ·x", ("w_1j", "x")),
    ("F_{1x} + 1", "F₁ₓ + 1", ("F_1x",)),
    ("h_{2out}^2", "h_2out²", ("h_2out",)),
    ("a_{2out}b_{1j}", "a_2out·b₁ⱼ", ("a_2out", "b_1j")),
    ("xw_{1j}z", "x·w₁ⱼ·z", ("x", "w_1j", "z")),
    ("w_1j x", "w₁·j·x", ("w_1", "j", "x")),
    (r"\sigma_{1x} x", "σ₁ₓ·x", ("sigma_1x", "x")),
    (r"\frac{w_{1j}}{F_{1x}}", "w₁ⱼ/F₁ₓ", ("w_1j", "F_1x")),
    ("{g}_{k} x", "gₖ·x", ("g_k", "x")),
    ("{w}_1^2", "w₁²", ("w_1",)),
    (r"{\mathbf{g}}_{k}", "gₖ", ("g_k",)),
    (r"\text{net}_{h1} + 1", "net_h1 + 1", ("net_h1",)),
    ("ŷ_1 - t_1", "ŷ₁ − t₁", ("y_hat_1", "t_1")),
    ("ŷ₁ - t₁", "ŷ₁ − t₁", ("y_hat1", "t1")),
    ("xŷz", "x·ŷ·z", ("x", "y_hat", "z")),
    ("xŷ_1z", "x·ŷ₁·z", ("x", "y_hat_1", "z")),
    ("ȳ + x̄₂ + x̃", "ȳ + x̄₂ + x̃", ("y_bar", "x_bar2", "x_tilde")),
    ("θ̂_1", "θ̂₁", ("theta_hat_1",)),
    ("y_hat_1 x", "ŷ₁·x", ("y_hat_1", "x")),
    (r"\hat{y}_1 - t_1", "ŷ₁ − t₁", ("y_hat_1", "t_1")),
    (r"\hat{y}_{1j}", "ŷ₁ⱼ", ("y_hat_1j",)),
    (r"\hat{y_1}", "ŷ₁", ("y_hat_1",)),
    (r"\bar{x}_1 x", "x̄₁·x", ("x_bar_1", "x")),
    (r"x\hat{y}_1z", "x·ŷ₁·z", ("x", "y_hat_1", "z")),
    (r"{\hat{y}}_{1}", "ŷ₁", ("y_hat_1",)),
]


@pytest.mark.parametrize(("text", "reading", "inputs"), NAMES)
def test_one_name_each(text: str, reading: str, inputs: tuple[str, ...]) -> None:
    """Braces hold a whole subscript, an accent belongs to its letter, and no name runs on."""
    program = parse(f"f = {text}")
    assert program.reading == f"f = {reading}"
    assert program.inputs == inputs


def test_assigned_names_are_read_by_the_same_rule() -> None:
    """A subscript in braces stands on the left side as well."""
    assert parse("w_{1j} = 2x; {g}_{k} = w_{1j} + 1; L = {g}_{k}^2").reading == (
        "w₁ⱼ = 2·x\ngₖ = w₁ⱼ + 1\nL = gₖ²"
    )


@pytest.mark.parametrize("given", ["ŷ_1", r"\hat{y}_1", r"\hat{y}_{1}", r"\hat{y_1}", "y_hat_1"])
@pytest.mark.parametrize("text", ["ŷ_1^2", r"\hat{y}_1^2", r"\hat{y_1}^2", "y_hat_1^2"])
def test_values_are_given_under_every_spelling(given: str, text: str) -> None:
    """The input of a value is the same name however either of them is typed."""
    assert bt.derive(text, {given: 3}).values["f"] == 9


@pytest.mark.parametrize(
    ("typed", "kept", "shown", "latex"),
    [
        ("w_{1j}", "w_1j", "w₁ⱼ", "w_{1j}"),
        ("F_{1x}", "F_1x", "F₁ₓ", "F_{1x}"),
        ("h_{2out}", "h_2out", "h_2out", r"h_{\mathrm{2out}}"),
        (r"\bar{x}_1", "x_bar_1", "x̄₁", r"\bar{x}_{1}"),
        ("ŷ₁", "y_hat1", "ŷ₁", r"\hat{y}_{1}"),
        (r"\theta_1", "theta_1", "θ₁", r"\theta_{1}"),
        ("w_{11}^{(2)}", "w2_11", "w⁽²⁾₁₁", "w^{(2)}_{11}"),
        (r"\text{net}_{h1}", "net_h1", "net_h1", r"\mathrm{net\_h1}"),
        ("{a}", "{a}", "{a}", None),
        ("w_{1+j}", "w_{1+j}", "w_{1+j}", None),
    ],
)
def test_a_name_is_kept_in_plain_characters_and_shown_as_it_was_meant(
    typed: str, kept: str, shown: str, latex: str | None
) -> None:
    """Kept for programs, shown with subscripts and accents, set in LaTeX; what is no name stays."""
    assert canonical_name(typed) == kept
    assert shown_name(kept) == shown
    if latex is not None:
        assert latex_name(kept) == latex


def test_names_that_would_look_alike_are_shown_as_typed() -> None:
    """`y_hat1` beside `y_hat_1` are two names, and are seen to be two."""
    assert parse("f = ŷ_1 + ŷ₁").reading == "f = y_hat_1 + y_hat1"
