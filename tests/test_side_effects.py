"""What the package does changes nothing of the process it is used in."""

from __future__ import annotations

import gc
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import backprop_tutor as bt
from backprop_tutor.files import write_whole

PROGRAM = "h = sigmoid(w*x + b)\nf = (h - t)^2"
POINT = {"w": 0.5, "x": 2, "b": -1, "t": 1}


def watched(look: Callable[[], object]) -> set[object]:
    """Return all that a look at the process shows while threads derive, explain, mark and draw."""
    seen: set[object] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            seen.add(look())

    def work() -> None:
        for _ in range(6):
            derivation = bt.derive(PROGRAM, at=POINT)
            derivation.explain()
            bt.mark(derivation, {"df/dw": "1"})
            assert derivation.diagram().svg

    watcher = threading.Thread(target=watch)
    workers = [threading.Thread(target=work) for _ in range(3)]
    watcher.start()
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    over.set()
    watcher.join()
    return seen


def test_the_garbage_collector_stays_on() -> None:
    """No other thread ever finds it off, or with other thresholds or frozen objects."""
    before, frozen = (gc.isenabled(), gc.get_threshold()), gc.get_freeze_count()
    # Fewer are frozen where one that was is gone; more are where somebody froze what there is.
    assert watched(lambda: (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count() <= frozen)) == {(*before, True)}


def test_a_collector_that_is_off_stays_off() -> None:
    """Who has turned it off finds it off."""
    gc.disable()
    try:
        bt.derive(PROGRAM, at=POINT).explain()
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_files_of_other_threads_keep_their_modes(tmp_path: Path) -> None:
    """While files are written, one that another thread makes has the mode that the umask leaves."""
    modes = set()
    over = threading.Event()

    def make() -> None:
        number = 0
        while not over.is_set():
            path = tmp_path / f"other-{(number := number + 1) % 50}"
            path.unlink(missing_ok=True)
            path.touch()
            modes.add(stat.S_IMODE(path.stat().st_mode))

    before = os.umask(0o027)
    try:
        thread = threading.Thread(target=make)
        thread.start()
        for number in range(400):
            write_whole(tmp_path / f"mine-{number % 50}", "x")
        over.set()
        thread.join()
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert modes == {0o640}
    assert {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.glob("mine-*")} == {0o640}


def test_folder_locale_and_environment_stay(tmp_path: Path) -> None:
    """Neither the working folder nor the environment nor the names of signals' handlers change."""
    import locale
    import signal

    def state() -> tuple[object, ...]:
        return (
            os.getcwd(), dict(os.environ), locale.setlocale(locale.LC_ALL),
            signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), threading.stack_size(),
        )  # fmt: skip

    before = state()
    derivation = bt.derive(PROGRAM, at=POINT)
    derivation.explain()
    derivation.diagram().save(tmp_path / "f.svg")
    derivation.frames().save(tmp_path / "frames")
    assert state() == before
