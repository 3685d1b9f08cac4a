"""Answers of a class on disk: a line for each as it comes, forced onto the disk before it is acknowledged.

Enters: answers. Leaves: a CSV file that `check` reads, in which a later answer to the same cell counts. A
file beside it holds the keys with which students and the teacher come back. A line that was cut off when a
machine went down was never acknowledged, and is removed at the next start.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from ..errors import FileError, quoted
from ..homework.answers.escaping import kept_as_text
from ..reasons import reason
from ..sentences import said

__all__ = ["HEADER", "Journal"]

HEADER = ("student", "timestamp", "problem", "quantity", "answer")
"""The columns of the file of answers."""

_TOKEN_LENGTH = 22


class Journal:
    """The files of a class, open for as long as the server runs.

    Attributes:
        answers: what each student's cells hold now: `answers[student][problem, quantity]`.
        teacher: the teacher's token.

    Raises:
        FileError: a file that cannot be opened, or is no journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answers: dict[str, dict[tuple[str, str], str]] = {}
        self._joined: set[str] = set()
        self._keys = path.with_name(path.name + ".keys")
        try:
            self._file = self._opened()
            self._key_file = self._opened_keys()
        except OSError as error:
            if isinstance(error, FileError):
                raise
            raise FileError(
                said("answers cannot be kept in {path}: {reason}", path=quoted(str(path), 200),
                     reason=reason(error))
            ) from None  # fmt: skip
        self.teacher: str = self._signed("teacher", "")

    def _opened(self) -> IO[bytes]:
        """Open the file of answers, with its heading, and read what it holds."""
        _mend(self.path)
        file = self.path.open("ab", buffering=0)
        if file.tell() == 0:
            _forced(file, _line(HEADER))
        with self.path.open(encoding="utf-8", newline="") as text:
            rows = csv.reader(text)
            if tuple(next(rows, ())) != HEADER:
                file.close()
                raise FileError(
                    said("{path} is no file of answers that this page keeps: its first line is {header}",
                         path=quoted(str(self.path), 200), header=",".join(HEADER))
                )  # fmt: skip
            for row in rows:
                if len(row) == len(HEADER):
                    self._note(row[0], row[2], row[3], _typed(row[4]))
        return file

    def _opened_keys(self) -> IO[bytes]:
        """Open the file of keys, which only this user may read, and read who has joined."""
        handle = os.open(self._keys, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        _mend(self._keys)
        file = os.fdopen(handle, "ab", buffering=0)
        lines = self._keys.read_text(encoding="utf-8").splitlines()
        if not lines:
            lines = [json.dumps({"secret": secrets.token_hex(32)})]
            _forced(file, (lines[0] + "\n").encode())
        try:
            self._secret = bytes.fromhex(json.loads(lines[0])["secret"])
            self._joined = {str(json.loads(line)["student"]) for line in lines[1:]}
        except (ValueError, KeyError, TypeError):
            file.close()
            raise FileError(
                said("{path} is no file of keys that this page keeps", path=quoted(str(self._keys), 200))
            ) from None
        return file

    def _note(self, student: str, problem: str, quantity: str, answer: str) -> None:
        sheet = self.answers.setdefault(student, {})
        if answer.strip():
            sheet[problem, quantity] = answer
        else:
            sheet.pop((problem, quantity), None)

    def _signed(self, role: str, name: str) -> str:
        digest = hmac.new(self._secret, f"{role}\n{name}".encode(), hashlib.sha256).hexdigest()
        return digest[:_TOKEN_LENGTH]

    @property
    def joined(self) -> int:
        """Return how many students have joined."""
        return len(self._joined)

    def join(self, student: str) -> str | None:
        """Return the token of a student who joins; None where somebody has joined under that name.

        Raises:
            OSError: it could not be written.
        """
        if student in self._joined:
            return None
        _forced(self._key_file, (json.dumps({"student": student}) + "\n").encode())
        self._joined.add(student)
        return self._token(student)

    def _token(self, student: str) -> str:
        return f"{student.encode().hex()}.{self._signed('student', student)}"

    def student(self, token: str) -> str | None:
        """Return whose token it is; None where it is nobody's."""
        name, _, _ = token.partition(".")
        try:
            student = bytes.fromhex(name).decode()
        except ValueError:
            return None
        known = student in self._joined and _same(self._token(student), token)
        return student if known else None

    def is_teacher(self, token: str) -> bool:
        """Return whether it is the teacher's token."""
        return _same(self.teacher, token)

    def add(self, student: str, problem: str, quantity: str, answer: str) -> None:
        """Put an answer on the disk; when this returns it is there.

        Raises:
            OSError: it could not be written.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        _forced(self._file, _line((student, now, problem, quantity, kept_as_text(answer))))
        self._note(student, problem, quantity, answer)

    def sheets(self) -> Iterator[tuple[str, dict[tuple[str, str], str]]]:
        """Yield every student with answers, and the answers."""
        yield from self.answers.items()

    def close(self) -> None:
        """Close the files."""
        self._file.close()
        self._key_file.close()


def _typed(cell: str) -> str:
    """Return an answer as it was typed, from a cell that a spreadsheet would not take for a formula."""
    typed = cell.removeprefix("'")
    return typed if kept_as_text(typed) == cell else cell


def _line(cells: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode("utf-8")


def _same(token: str, given: str) -> bool:
    """Return whether a token was given, in a time that does not tell how much of it."""
    return hmac.compare_digest(token.encode(), given.encode("utf-8", "replace"))


def _forced(file: IO[bytes], line: bytes) -> None:
    """Write a line and wait until the disk has it; of a line that cannot be written whole nothing stays."""
    end, left = file.seek(0, os.SEEK_END), memoryview(line)
    try:
        while left:
            left = left[file.write(left):]
        os.fsync(file.fileno())
    except OSError:
        file.truncate(end)
        raise


def _mend(path: Path) -> None:
    """Cut off a last line that was not written whole; make the file where it is not there."""
    with path.open("a+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size == 0:
            return
        start = max(0, size - 1_000_000)
        file.seek(start)
        whole = file.read().rfind(b"\n")
        if start + whole + 1 < size:
            file.truncate(start + whole + 1)
