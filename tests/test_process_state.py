"""Whatever threads derive, mark, draw, train and write: nothing of the process is ever otherwise.

Each look of the table shows one thing that a whole process shares. Another thread takes all looks
again and again while the work goes on, so that a change which is taken back is seen too.
"""

from __future__ import annotations

import decimal
import gc
import locale
import logging
import os
import random
import signal
import stat
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import mpmath
import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.equivalence.effort import limited
from backprop_tutor.translation import speaking, spoken

PROGRAM = "h = sigmoid(w*x + b)\nf = (h - t)^2"
POINT = {"w": 0.5, "x": 2, "b": -1, "t": 1}
PROBLEMS = '[[problem]]\nid = "p"\nprogram = "q = x + y; f = q*z"\nvalues = {x = -2, y = 5, z = -4}\n'
ANSWERS = "student,q,df/dx\nanna,3,-4\nben,4,x\n"


def _umask() -> object:
    """Return the umask as the kernel shows it: asking by setting it would change it for others."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((line for line in lines if line.startswith("Umask")), None)


def _mode() -> object:
    """Return the mode of a file that is made now, as the umask leaves it."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "made"
        path.touch()
        return stat.S_IMODE(path.stat().st_mode)


def _handlers() -> object:
    return [signal.getsignal(number) for number in signal.valid_signals()]


PROCESS: Mapping[str, Callable[[], object]] = {
    "garbage collector": lambda: (gc.isenabled(), gc.get_threshold(), gc.get_debug()),
    "umask": _umask,
    "mode of a new file": _mode,
    "locale": lambda: locale.setlocale(locale.LC_ALL),
    "warnings": lambda: [*warnings.filters],
    "how warnings are shown": lambda: warnings.showwarning,
    "recursion limit": sys.getrecursionlimit,
    "digits of integers": sys.get_int_max_str_digits,
    "switch interval": sys.getswitchinterval,
    "signal handlers": _handlers,
    "hooks": lambda: (sys.excepthook, sys.displayhook, threading.excepthook, sys.unraisablehook),
    "trace": lambda: (threading.gettrace(), threading.getprofile()),
    "standard streams": lambda: (sys.stdin, sys.stdout, sys.stderr),
    "mpmath's digits": lambda: (mpmath.mp.dps, mpmath.mp.prec, mpmath.mp.pretty, mpmath.iv.prec),
    "random": random.getstate,
    "np.random": lambda: [*map(str, np.random.get_state(legacy=True))],
    "NumPy's printing": np.get_printoptions,
    "environment": lambda: dict(os.environ),
    "folder": os.getcwd,
    "import path": lambda: [*sys.path],
    "logging": lambda: (logging.root.level, [*logging.root.handlers], logging.root.manager.disable),
}
"""What all threads share."""

THREAD: Mapping[str, Callable[[], object]] = {
    "NumPy's errors": np.geterr,
    "NumPy's error call": np.geterrcall,
    "decimal": lambda: str(decimal.getcontext()),
    "language": spoken,
    "trace": lambda: (sys.gettrace(), sys.getprofile()),
    "gradients are recorded": torch.is_grad_enabled,
}
"""What each thread has of its own."""


def derive(folder: Path) -> None:
    """Derive, explain, check, update; symbols and plain numbers."""
    derivation = bt.derive(PROGRAM, at=POINT)
    derivation.explain("latex")
    assert derivation.check().ok
    derivation.update(lr=0.1)


def mark(folder: Path) -> None:
    """Mark numbers and formulas, easy and hard ones, in two languages, within a limit."""
    derivation = bt.derive(PROGRAM, at=POINT)
    with speaking("ko"), limited(10**9):
        bt.mark(derivation, {"df/dw": "1", "h": "1e308"})
    bt.mark(derivation, {"df/dw": "2(h - t)h(1 - h)x + sin(1e300)"}, want="formula")
    assert bt.equivalent("gelu(x)", "x*(1 + erf(x/sqrt(2)))/2")
    assert not bt.equivalent("x", "tan(1e22*x)")


def write(folder: Path) -> None:
    """Draw and save pictures and frames; mark a class from file to file."""
    derivation = bt.derive(PROGRAM, at=POINT)
    derivation.diagram().save(folder / "f.svg")
    derivation.diagram().save(folder / "f.png")
    derivation.frames().save(folder / "frames")
    (folder / "p.toml").write_text(PROBLEMS, encoding="utf-8")
    (folder / "a.csv").write_text(ANSWERS, encoding="utf-8")
    marks = check_class(folder / "p.toml", folder / "a.csv", folder / "marks", workers=0)
    assert marks.counts.students == 2


def refuse(folder: Path) -> None:
    """Refuse what is wrong: the way out of an error restores all, too."""
    for text in ("f = (", "f = x +* y", "9" * 5000):
        with pytest.raises(bt.TutorError):
            bt.parse(text)
    with pytest.raises(bt.TutorError):
        bt.derive("f = ln(x)", at={"x": -1})
    with pytest.raises(bt.TutorError):
        torch.load(str(folder / "nothing.pt"))
    with pytest.raises(bt.TutorError):
        check_class(folder / "none.toml", folder, folder / "marks")


def train(folder: Path) -> None:
    """Draw numbers, train a little, save and load."""
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(8, 2, generator=generator)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    step = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(3):
        step.zero_grad()
        (model(x) ** 2).mean().backward()
        step.step()
    with torch.no_grad():
        model(x)
    torch.save(model.state_dict(), str(folder / "m.pt"))
    torch.load(str(folder / "m.pt"))


WORK = (derive, mark, write, refuse, train)


def seen(looks: Mapping[str, Callable[[], object]]) -> dict[str, object]:
    """Return what every look shows."""
    return {name: look() for name, look in looks.items()}


def otherwise(before: Mapping[str, object], now: Mapping[str, object]) -> set[str]:
    """Return what has changed."""
    return {name for name in before if before[name] != now[name]}


def test_nothing_of_the_process_changes(tmp_path: Path) -> None:
    """Another thread never finds anything changed, and each thread finds its own as it left it."""
    for number, work in enumerate(WORK):  # what is loaded once is loaded now
        (tmp_path / f"first-{number}").mkdir()
        work(tmp_path / f"first-{number}")
    before, changed, faults = seen(PROCESS), set[str](), list[BaseException]()
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            changed.update(otherwise(before, seen(PROCESS)))

    def run(work: Callable[[Path], None], folder: Path) -> None:
        try:
            own = seen(THREAD)
            for turn in range(3):
                (folder / str(turn)).mkdir(parents=True)
                work(folder / str(turn))
                changed.update(otherwise(own, seen(THREAD)))
        except BaseException as error:
            faults.append(error)

    watcher = threading.Thread(target=watch)
    works = [*WORK, derive, mark, write]  # eight threads
    workers = [
        threading.Thread(target=run, args=(work, tmp_path / f"{number}-{work.__name__}"))
        for number, work in enumerate(works)
    ]
    watcher.start()
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    over.set()
    watcher.join()
    assert faults == []
    assert changed == set()
    assert otherwise(before, seen(PROCESS)) == set()


@pytest.mark.parametrize("work", WORK, ids=lambda work: str(work.__name__))
def test_settings_of_the_user_stay(work: Callable[[Path], None], tmp_path: Path) -> None:
    """Who has set another precision, other filters or no collector finds them so afterwards."""
    random.seed(5)
    np.random.seed(5)
    dps = mpmath.mp.dps
    with warnings.catch_warnings(), np.errstate(divide="warn"):
        warnings.simplefilter("error")
        mpmath.mp.dps = 33
        gc.disable()
        try:
            before = {**seen(PROCESS), **seen(THREAD)}
            work(tmp_path)
            assert otherwise(before, {**seen(PROCESS), **seen(THREAD)}) == set()
        finally:
            gc.enable()
            mpmath.mp.dps = dps


def test_a_change_would_be_seen() -> None:
    """The looks tell a change: of the folder, of filters, of random numbers, of NumPy's errors."""
    before = {**seen(PROCESS), **seen(THREAD)}
    with warnings.catch_warnings(), np.errstate(over="raise"), mpmath.workdps(40):
        warnings.simplefilter("ignore", UserWarning)
        state = random.getstate()
        random.random()
        now = {**seen(PROCESS), **seen(THREAD)}
        random.setstate(state)
    assert otherwise(before, now) == {"warnings", "NumPy's errors", "mpmath's digits", "random"}
