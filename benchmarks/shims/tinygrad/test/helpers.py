"""The markers of tinygrad's tests: which machine a test needs."""

from __future__ import annotations

import unittest
from typing import Any

needs_second_gpu = unittest.skip("needs two devices")


def slow(test: Any) -> Any:
    """Run the slow ones too."""
    return test


def not_support_multi_device() -> bool:
    """Return True: there is one device, the CPU."""
    return True
