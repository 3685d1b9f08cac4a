"""Which scale tells the whole of a program of single numbers, by its network."""

from __future__ import annotations

from .records import Network

__all__ = ["is_network", "usual_scale"]

_MOST_UNITS = 12
"""A network of more neurons in a layer is told in layers."""


def is_network(network: Network) -> bool:
    """Return whether neurons are worth a network: two or more; one is a formula."""
    return len(network.neurons) > 1


def usual_scale(network: Network | None) -> str:
    """Return gates for a formula, neurons for a network of at most 12 units a layer, else layers."""
    if network is None or not is_network(network):
        return "gates"
    largest = max(len(layer.neurons) for layer in network.layers)
    return "neurons" if largest <= _MOST_UNITS else "layers"
