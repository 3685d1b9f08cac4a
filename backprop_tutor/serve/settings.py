"""What a server is told when it starts: where it listens, how much work a request may take, who may ask."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..errors import OptionError
from ..sentences import said

__all__ = ["Settings"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a server.

    Attributes:
        host, port: where it listens; port 0 is any that is free.
        workers: processes that draw; as many again make lessons and files.
        seconds: how long the work on a picture may take; `slow_seconds` for lessons and files.
        megabytes: the memory of one process.
        body: the most bytes of a request.
        rate: requests a second that one address may go on making; ten seconds' worth at once.
        hosts: names under which the page may be asked for, besides addresses and this machine's own.
        frames: origins that may show the page in a frame; none if empty.
        cache: megabytes of answers kept in memory.
        problems: a problem file whose answers are taken; then `answers` is the file they are kept in.
        roster: the students who may join; whoever gives a name, if None.

    >>> Settings(port=8000).workers >= 1
    True

    Raises:
        OptionError: a number out of its range.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = os.cpu_count() or 1
    seconds: float = 2.0
    slow_seconds: float = 30.0
    megabytes: int = 1024
    body: int = 64 * 1024
    rate: float = 200.0
    hosts: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    cache: int = 64
    problems: Path | None = None
    answers: Path | None = None
    roster: Path | None = None

    @property
    def kept(self) -> Path:
        """Return the file in which answers are kept: beside the problem file, unless it is named."""
        if self.answers is not None:
            return self.answers
        assert self.problems is not None  # only a class has answers
        return self.problems.with_name(f"{self.problems.stem}-answers.csv")

    def __post_init__(self) -> None:
        for name, least, most in _RANGES:
            value = getattr(self, name)
            if not least <= value <= most:
                raise OptionError(
                    said("{name} is from {least} to {most}, not {given}", name=name, least=least,
                         most=most, given=value)
                )  # fmt: skip


_RANGES = (
    ("port", 0, 65535), ("workers", 1, 64), ("seconds", 0.1, 600), ("slow_seconds", 0.1, 600),
    ("megabytes", 256, 1_000_000), ("body", 1024, 100_000_000), ("rate", 1, 1_000_000),
    ("cache", 1, 100_000),
)  # fmt: skip
