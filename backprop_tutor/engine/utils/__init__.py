"""What stands beside the network: the loading of data, under PyTorch's name `utils.data`."""

from __future__ import annotations

from . import data

__all__ = ["data"]
