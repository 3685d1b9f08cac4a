"""The words that options of the library choose from, each list once, as types.

Enters nothing. Leaves `Literal` types for signatures, so that a type checker finds a misspelt theme
before the program runs, and `words`, which gives such a list to the code that refuses other words.
What a table of records decides (activations, losses) is written here by
`python -m backprop_tutor.listing`; a test compares each list with what the code takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin

__all__ = [
    "Activation", "ArrayFormat", "Attempts", "Biases", "Blank", "Detail", "Fit", "Format", "FrameFormat",
    "Kinks", "Layout", "Loss", "PageTheme", "Reduction", "Scale", "ThemeName", "Want", "words",
]

Format = Literal["text", "markdown", "latex", "json", "numpy", "torch"]
"""What `explain` writes."""

ArrayFormat = Literal["text", "markdown", "latex", "numpy", "torch"]
"""What `explain` writes of a derivation over arrays."""

Detail = Literal["full", "brief"]
"""With sentences, or formulas alone."""

FrameFormat = Literal["svg", "png"]
"""What pictures of single steps are saved as."""

ThemeName = Literal["light", "dark", "colour-blind"]
"""The colours of a picture."""

PageTheme = Literal["auto", "light", "dark", "colour-blind"]
"""The colours of a page: as the system is set, or one theme."""

Layout = Literal["embedded", "dot"] | Callable[[str], dict[str, Any]]
"""Who arranges a picture: the Graphviz that comes along, or the system's; or a function from a plan in DOT
to positions, as Graphviz's JSON has them."""

Blank = Literal["values", "gradients", "locals", "downstream"]
"""What a worksheet's picture leaves out."""

Scale = Literal["layers", "neurons", "gates"]
"""At which scale a program is told and drawn."""

Fit = Literal["16:9", "4:3", "a4", "phone"]
"""What a picture on a stage is made for."""

Biases = Literal["node", "layer"]
"""Whether nodes of a layer have a bias each, or share one."""

Want = Literal["either", "number", "formula"]
"""What an answer has to be."""

Kinks = Literal["convention", "any"]
"""What is right on a kink: the convention's number, or any between the one-sided ones."""

Attempts = Literal["last", "best", "first"]
"""Which of several sheets of one student counts."""

Reduction = Literal["none", "mean", "sum"]
"""What a loss of the engine makes of its elements."""

# The rows' own: begin; made by `python -m backprop_tutor.listing`
Activation = Literal[
    "GELU", "ReLU", "SiLU", "celu", "elu", "gelu", "hardsigmoid", "hardtanh", "identity",
    "leaky_relu", "linear", "log_sigmoid", "logistic", "logsigmoid", "mish", "relu", "relu6",
    "selu", "sigmoid", "silu", "softmax", "softplus", "softsign", "swish", "tanh", "σ",
]
"""What a layer of a network may do."""

Loss = Literal[
    "se", "squared_error", "half_se", "half_squared_error", "mse", "mean_squared_error", "bce",
    "binary_cross_entropy", "ce", "cross_entropy",
]
"""What a network's output may be compared with its targets by."""
# The rows' own: end


def words(choice: Any) -> tuple[str, ...]:  # Any: a `Literal` has no type of its own
    """Return the words of a list, in its order.

    >>> words(Kinks)
    ('convention', 'any')
    """
    parts = get_args(choice)
    return tuple(
        word for part in parts for word in (get_args(part) if get_origin(part) is Literal else [part])
        if isinstance(word, str)
    )
