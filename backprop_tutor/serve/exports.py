"""Everything that a command makes of a program, as a file to download: one row of a table for each.

Enters: a `Wanted`. Leaves: a `Made`, the file's name, kind and bytes. The names of files are made of plain
letters, whatever the program's names are.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import TutorError
from ..lesson import lesson
from ..matrices.given import is_array
from ..sentences import N_
from .pictures import picture_at, shown_at
from .reading import Reading, read
from .wanted import Wanted

__all__ = ["EXPORTS", "Export", "Made", "UnfitError", "make"]


class UnfitError(TutorError):
    """A program with faults, of which no file can be made; `faults` are as for the page."""

    def __init__(self, faults: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(str(fault["message"]) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Made:
    """A file: its name, its media type, its bytes."""

    name: str
    media: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Export:
    """One kind of file: its ending, its media type, what the button says, and who makes it."""

    suffix: str
    media: str
    label: str
    made: Callable[[_Subject], bytes]


@dataclass(frozen=True)
class _Subject:
    """What a file is made of: the request, its reading, the derivation at the scale that is shown."""

    wanted: Wanted
    reading: Reading
    scale: str
    scaled: Any

    @property
    def step(self) -> int | None:
        step = self.wanted.step
        return None if step is None or step >= len(self.scaled.steps) else step


def make(wanted: Wanted, export: Export) -> Made:
    """Return the file; called while its language is spoken.

    Raises:
        UnfitError: the program or a value has faults.
        TutorError: this program cannot be made into such a file.
    """
    reading = read(wanted)
    if reading.derivation is None:
        raise UnfitError(reading.faults)
    scale, _ = shown_at(reading.derivation, wanted)
    subject = _Subject(wanted, reading, scale, reading.derivation.at_scale(scale))
    stem = re.sub(r"[^A-Za-z0-9]+", "-", reading.derivation.output).strip("-") or "program"
    return Made(f"{stem}{export.suffix}", export.media, export.made(subject))


def _svg(subject: _Subject) -> bytes:
    return picture_at(subject.scaled, subject.step, subject.wanted.theme).svg.encode()


def _png(subject: _Subject) -> bytes:
    return picture_at(subject.scaled, subject.step, subject.wanted.theme).png()


def _saved(suffix: str) -> Callable[[_Subject], bytes]:
    """Return what saves a picture under a name, for kinds that are told by it."""

    def saved(subject: _Subject) -> bytes:
        picture = picture_at(subject.scaled, subject.step, subject.wanted.theme)
        with TemporaryDirectory() as folder:
            path = Path(folder, f"picture{suffix}")
            picture.save(path)
            return path.read_bytes()

    return saved


def _gif(subject: _Subject) -> bytes:
    from ..motion import animation_of  # start-up time: Pillow

    moving = animation_of(subject.scaled.frames(theme=subject.wanted.theme))
    with TemporaryDirectory() as folder:
        return Path(moving.save(Path(folder, "steps.gif"))).read_bytes()


def _explained(format_: str) -> Callable[[_Subject], bytes]:
    def explained(subject: _Subject) -> bytes:
        told = subject.scaled
        if format_ == "json":  # numbers, at the scale of gates
            derivation = subject.reading.derivation
            told = derivation.gates() if _arrays(subject) else derivation
        return str(told.explain(format_)).encode()

    return explained


def _arrays(subject: _Subject) -> bool:
    return any(map(is_array, subject.reading.derivation.at.values()))


def _lesson(subject: _Subject) -> bytes:
    found: Any = subject.reading.derivation
    return lesson(
        found, lang=subject.wanted.lang, scale=None if _arrays(subject) else subject.scale  # type: ignore[arg-type]
    ).html.encode()


def _page(subject: _Subject) -> bytes:
    """Return the lesson as it stands in the live page, which has its heading and settings."""
    html = _lesson(subject).decode()
    return html.replace("<html ", '<html data-frame="live" ', 1).encode()


def _worksheet(subject: _Subject) -> bytes:
    from ..worksheets import write_worksheets  # start-up time: the problem files' reader
    from ..worksheets.content import Look

    look = Look(lang=subject.wanted.lang, scale="neurons" if subject.scale == "neurons" else None)
    with TemporaryDirectory() as folder:
        made = write_worksheets(_problem(subject), folder, look=look, formats=("html", "markdown"))
        root = Path(made.folder)
        files = [path for path in sorted(root.rglob("*")) if path.is_file()]
        return _zipped({path.relative_to(root).as_posix(): path.read_bytes() for path in files})


def _problem(subject: _Subject) -> str:
    """Return the program as a problem file that asks for every value and every gradient."""
    derivation = subject.reading.derivation
    lines = [f"title = {_toml(derivation.output)}", "", "[[problem]]", 'id = "p1"']
    lines += [f"program = {_toml(subject.wanted.program)}", 'ask = ["all values", "all gradients"]']
    lines += ["", "[problem.values]"]
    lines += [f"{_toml(name)} = {_value(value)}" for name, value in derivation.at.items()]
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if is_array(value):
        return json.dumps(value.tolist() if hasattr(value, "tolist") else value, default=str)
    return _toml(str(value))


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Return an archive that is the same bytes at every making."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


_TEXT = "; charset=utf-8"

EXPORTS: Mapping[str, Export] = {
    "svg": Export(suffix=".svg", media="image/svg+xml", label="SVG", made=_svg),
    "png": Export(suffix=".png", media="image/png", label="PNG", made=_png),
    "pdf": Export(suffix=".pdf", media="application/pdf", label="PDF", made=_saved(".pdf")),
    "tikz": Export(suffix=".tex", media=f"text/x-tex{_TEXT}", label="TikZ", made=_saved(".tex")),
    "gif": Export(suffix="-steps.gif", media="image/gif", label="GIF", made=_gif),
    "markdown": Export(
        suffix=".md", media=f"text/markdown{_TEXT}", label="Markdown", made=_explained("markdown")
    ),
    "latex": Export(
        suffix="-explained.tex", media=f"text/x-tex{_TEXT}", label="LaTeX", made=_explained("latex")
    ),
    "json": Export(
        suffix=".json", media="application/json", label="JSON", made=_explained("json")
    ),
    "numpy": Export(
        suffix=".py", media=f"text/x-python{_TEXT}", label="NumPy", made=_explained("numpy")
    ),
    "lesson": Export(
        suffix="-lesson.html", media=f"text/html{_TEXT}", label=N_("Lesson"), made=_lesson
    ),
    "worksheet": Export(
        suffix="-worksheet.zip", media="application/zip", label=N_("Worksheet"), made=_worksheet
    ),
    "page": Export(suffix=".html", media=f"text/html{_TEXT}", label="", made=_page),
}
"""Every kind of file by its name; `page` is the lesson inside the live page, and has no button."""
