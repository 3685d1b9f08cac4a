"""A pytest plugin that writes the verdicts to a file: passed, in part, failed or not applicable.

The file is named by the environment variable SUITE_VERDICTS. It holds `tests`, a list of
[id, verdict, reason], and `package`, the file from which the shimmed package was loaded
(SUITE_PACKAGE names it), so that a run against the real package cannot be mistaken for one of ours.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.shims.not_offered import NotOffered, parts_left_out

PASSED, IN_PART, FAILED, NOT_APPLICABLE = "passed", "in part", "failed", "not applicable"
WORSE = (PASSED, IN_PART, NOT_APPLICABLE, FAILED)
_found: dict[str, tuple[str, str]] = {}


def _note(where: str, verdict: str, reason: str) -> None:
    """Keep a test's worst verdict: set-up, the test itself and tear-down report one after another."""
    known = _found.get(where)
    if known is None or WORSE.index(verdict) > WORSE.index(known[0]):
        _found[where] = (verdict, reason)


def refused(error: BaseException | None) -> str | None:
    """Return the reason of the first `NotOffered` behind an error, or None."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, NotOffered):
            return str(error)
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return lines[0][:300] if lines else ""


def _suites_own(said: Any) -> str:
    """Return why the suite itself leaves a test out, or expects it to fail."""
    if isinstance(said, tuple):
        return (
            f"the suite skips it: {_first_line(said[2].removeprefix('Skipped: ')) or 'no reason'}"
        )
    return "fails, as the suite expects of its own engine"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Iterator[None]:
    """Turn a test that met `NotOffered` into a skip with its reason, and note every verdict."""
    result = yield
    report = result.get_result()
    parts = parts_left_out()
    reason = refused(call.excinfo.value) if call.excinfo else None
    if reason is not None:
        report.outcome, report.longrepr = "skipped", (str(item.path), 0, reason)
    if report.failed and str(call.excinfo and call.excinfo.value) == "Unexpected success":
        # unittest's mark: the test was expected to fail, and did not
        report.outcome, report.longrepr = "passed", None
        _note(item.nodeid, PASSED, "passes where the suite's own engine does not")
    elif report.failed:
        _note(item.nodeid, FAILED, _first_line(f"{call.excinfo.typename}: {call.excinfo.value}"))
    elif report.skipped:
        _note(item.nodeid, NOT_APPLICABLE, reason or _suites_own(report.longrepr))
    elif report.when == "call":
        _note(item.nodeid, IN_PART if parts else PASSED, "; ".join(parts))


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: Any) -> Iterator[None]:
    """Note a file that cannot be collected: not applicable where its import met `NotOffered`."""
    result = yield
    report = result.get_result()
    if not report.failed:
        return
    error = getattr(getattr(report, "call", None), "excinfo", None)
    reason = refused(error.value) if error is not None else None
    if reason is not None:
        report.outcome, report.longrepr = "skipped", (str(collector.path), 0, reason)
        _note(collector.nodeid, NOT_APPLICABLE, f"the whole file: {reason}")
    else:
        said = (
            _first_line(f"{error.typename}: {error.value}")
            if error is not None
            else str(report.longrepr)
        )
        _note(collector.nodeid, FAILED, f"cannot be collected: {said}")


def pytest_sessionfinish() -> None:
    """Write the verdicts."""
    package = sys.modules.get(os.environ["SUITE_PACKAGE"])
    record = {
        "package": getattr(package, "__file__", None),
        "tests": [[name, *verdict] for name, verdict in sorted(_found.items())],
    }
    Path(os.environ["SUITE_VERDICTS"]).write_text(json.dumps(record), encoding="utf-8")
