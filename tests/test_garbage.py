"""The cycle collector is paused and comes back, whatever happens."""

from __future__ import annotations

import gc
import threading

import pytest

import backprop_tutor as bt
from backprop_tutor.garbage import collector_paused


def test_paused_and_back() -> None:
    """Within the block collections are off, afterwards on; nested blocks too."""
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_back_after_an_error() -> None:
    """A program that is refused leaves the collector on."""
    with pytest.raises(bt.ParseError):
        bt.derive("f = )", at={})
    assert gc.isenabled()


def test_left_off_where_it_was_off() -> None:
    """Who has turned it off finds it off."""
    gc.disable()
    try:
        bt.derive("f = x", at={"x": 1})
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_threads() -> None:
    """Many threads at once leave it on."""
    threads = [
        threading.Thread(target=bt.derive, args=("f = x*x + x",), kwargs={"at": {"x": 2}})
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert gc.isenabled()
