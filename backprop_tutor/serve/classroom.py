"""The addresses of a class: joining, a student's sheet, answers, the teacher's view.

Enters: a problem file and the journal. Leaves: routes of the application. An answer is acknowledged after
it is on the disk, and never before; a token says whose it is.
"""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..choices import ThemeName, words
from ..errors import TutorError
from ..files import read_text
from ..homework.answers.escaping import in_spreadsheet
from ..homework.answers.rosters import read_roster, roster_of
from ..homework.answers.speakers import student_name
from ..homework.problems.file_limits import PROBLEMS
from ..homework.problems.problem_set import parse_problems
from ..sentences import said, spoken
from ..translation import languages, speaking
from .cache import Cache
from .counting import Answers, Counting, Verdicts
from .exercises import judged, sheet_of
from .html import rendered
from .journal import Journal
from .killable import OverworkedError
from .pools import BusyError, WorkPool
from .settings import Settings

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["Classroom"]

_LONGEST_ANSWER = 5000
_PRIVATE = {"cache-control": "no-store"}


class Shared(Protocol):
    """What a class uses of the server: its processes, what it keeps, the language of a page."""

    quick: WorkPool
    slow: WorkPool
    cache: Cache

    def language(self, request: Request) -> str:
        """Return the language of a page."""


class Classroom:
    """A class at work on a problem file.

    Raises:
        FileError: the problems, the roster or the files of answers cannot be read.
    """

    def __init__(self, settings: Settings, live: Shared) -> None:
        assert settings.problems is not None  # the caller looked
        self._live, self._settings, self._lang = live, settings, spoken()
        self._text = read_text(settings.problems, PROBLEMS.bytes)
        self.problems = parse_problems(self._text, settings.problems.name)
        roster = settings.roster
        self._roster = None if roster is None else roster_of(read_roster(roster))[0]
        self.journal: Journal = Journal(settings.kept)
        self._counting = Counting(self.problems, self.journal, self._marked)
        self._disk = ThreadPoolExecutor(1)  # one line after the other
        self._work: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to mark what is there."""
        self._work = asyncio.ensure_future(self._counting.go_on())

    def stop(self) -> None:
        """Write what is under way, and close the files."""
        if self._work is not None:
            self._work.cancel()
        self._disk.shutdown(wait=True)
        self.journal.close()

    @property
    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/class", self.page), Route("/teacher", self.teacher_page),
            Route("/class/join", self.join, methods=["POST"]),
            Route("/class/sheet", self.sheet, methods=["POST"]),
            Route("/class/answer", self.answer, methods=["POST"]),
            Route("/teacher/counts", self.counts, methods=["POST"]),
        ]  # fmt: skip

    async def page(self, request: Request) -> Response:
        """Answer with the students' page."""
        return rendered("class.html", self._live.language(request), self._settings)

    async def teacher_page(self, request: Request) -> Response:
        """Answer with the teacher's page, which has no numbers before it shows its token."""
        return rendered("teacher.html", self._live.language(request), self._settings)

    async def join(self, request: Request) -> Response:
        """Let a student in, and answer with the token to come back by."""
        asked = await _asked(request, "name")
        if isinstance(asked, Response):
            return asked
        with speaking(asked["lang"]):
            try:
                name = student_name(in_spreadsheet(asked["name"], 10_000))  # as rosters are read
                if self._roster is not None:
                    name = self._roster.checked(name)
            except TutorError as error:
                return _refused(str(error), 400)
            try:
                token = await self._written(self.journal.join, name)
            except OSError:
                return _refused(said("the name could not be written; join again in a moment"), 507)
            if token is None:
                return _refused(
                    said("somebody has joined under this name; come back by your own link, or ask "
                         "the teacher"),
                    409,
                )
        return JSONResponse({"ok": True, "token": token, "name": name}, headers=_PRIVATE)

    async def sheet(self, request: Request) -> Response:
        """Answer with a student's problems and the answers given so far."""
        asked = await _asked(request, "token")
        if isinstance(asked, Response):
            return asked
        student = self.journal.student(asked["token"])
        with speaking(asked["lang"]):
            if student is None:
                return _refused(_nobody(), 403)
            theme: ThemeName = "dark" if asked.get("theme") == "dark" else "light"
            whose = student if any(problem.draws for problem in self.problems) else ""
            key = f"sheet {theme} {asked['lang']} {whose.encode().hex()}"

            async def made() -> bytes | None:
                text = await self._live.quick.run(
                    lambda: True, sheet_of, self._text, whose, asked["lang"], theme
                )
                return None if text is None else text.encode()

            try:
                data = await self._live.cache.get(key, made)
            except (BusyError, OverworkedError):
                return _refused(said("too many are waiting; try again in a moment"), 503)
        found = json.loads(data or b"{}")
        mine = self.journal.answers.get(student, {})
        found["answers"] = [{"problem": p, "quantity": q, "answer": a} for (p, q), a in mine.items()]
        return JSONResponse({"ok": True, "name": student, **found}, headers=_PRIVATE)

    async def answer(self, request: Request) -> Response:
        """Put an answer on the disk, and say so."""
        asked = await _asked(request, "token", "problem", "quantity", "answer")
        if isinstance(asked, Response):
            return asked
        student = self.journal.student(asked["token"])
        with speaking(asked["lang"]):
            if student is None:
                return _refused(_nobody(), 403)
            if len(asked["answer"]) > _LONGEST_ANSWER:
                return _refused(said("an answer has at most {most} characters", most=_LONGEST_ANSWER), 400)
            try:
                problem = self.problems.problem(asked["problem"])
                quantity = problem.cell(asked["quantity"]).text
            except TutorError as error:
                return _refused(str(error), 400)
            text = " ".join(asked["answer"].replace("\0", " ").split())
            try:
                await self._written(self.journal.add, student, problem.id, quantity, text)
            except OSError:
                return _refused(said("the answer could not be written; it is not saved"), 507)
        self._counting.changed(student)
        return JSONResponse({"ok": True, "saved": text}, headers=_PRIVATE)

    async def counts(self, request: Request) -> Response:
        """Answer the teacher with the counts."""
        asked = await _asked(request, "token")
        if isinstance(asked, Response):
            return asked
        if not self.journal.is_teacher(asked["token"]):
            with speaking(asked["lang"]):
                return _refused(said("this is not the teacher's link"), 403)
        return JSONResponse({"ok": True, "title": self.problems.title, **self._counting.seen()},
                            headers=_PRIVATE)  # fmt: skip

    async def _written(self, write: Any, *arguments: Any) -> Any:
        """Return what writing returns; it goes on to its end even if nobody waits for it any more."""
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._disk, write, *arguments))

    async def _marked(self, student: str, answers: Answers) -> Verdicts | None:
        return await self._live.slow.run(lambda: True, judged, self._text, student, answers, self._lang)


def _nobody() -> str:
    return said("this link is nobody's here; join by your name")


def _refused(message: str, status: int) -> Response:
    return JSONResponse({"ok": False, "error": message}, status, headers=_PRIVATE)


async def _asked(request: Request, *names: str) -> dict[str, str] | Response:
    """Return the texts of a request, all of which must be there; "en" is spoken unless `lang` says more."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return _refused("expected application/json", 415)
    try:
        data = json.loads(await request.body())
    except (ValueError, RecursionError):
        return _refused("the request is no JSON", 400)
    if not isinstance(data, dict) or not all(isinstance(data.get(name), str) for name in names):
        return _refused(f"the request needs the texts {', '.join(names)}", 400)
    if any("\ud800" <= c <= "\udfff" for name in names for c in data[name]):
        return _refused("the request is not UTF-8 text", 400)
    lang = data.get("lang") if data.get("lang") in languages() else "en"
    theme = data.get("theme") if data.get("theme") in words(ThemeName) else "light"
    return {**{name: data[name] for name in names}, "lang": str(lang), "theme": str(theme)}
