"""The live page's application: its addresses, each answered by a few lines; work is done in the pools.

Enters: `Settings`. Leaves: a Starlette application inside its guards. What is asked for is in the body of
requests, never in their address, so that no program comes to stand in anybody's log.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..errors import TutorError
from ..sentences import said
from ..translation import languages, speaking
from .cache import Cache
from .classroom import Classroom
from .exports import EXPORTS, Made
from .guards import Guards
from .html import asset, front_page
from .killable import OverworkedError
from .pools import BusyError, WorkPool
from .reading import fault_rows
from .settings import Settings
from .wanted import Wanted, read_wanted
from .worker import export, lesson, picture

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

__all__ = ["application"]

_MEGABYTE = 2**20
_MOST_PAGES = 5000
_NICE = 10
"""Lessons and files give way to pictures, for which somebody waits at every key."""


class Live:
    """What the answers share: the pools, the cache, which pages have asked for something newer."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.cache: Cache = Cache(settings.cache * _MEGABYTE)
        self.turns: OrderedDict[str, int] = OrderedDict()

    def start(self) -> None:
        """Start the processes."""
        chosen = self.settings
        self.quick: WorkPool = WorkPool(chosen.workers, chosen.seconds, chosen.megabytes)
        self.slow: WorkPool = WorkPool(chosen.workers, chosen.slow_seconds, chosen.megabytes, _NICE)

    def stop(self) -> None:
        """End the processes."""
        self.quick.stop()
        self.slow.stop()

    async def front(self, request: Request) -> Response:
        """Answer with the page where one types."""
        return front_page(self.language(request), self.settings)

    async def static(self, request: Request) -> Response:
        """Answer with a style or a script."""
        return asset(request.path_params["name"])

    async def health(self, request: Request) -> Response:
        """Answer that the server is there."""
        return JSONResponse({"ok": True})

    async def picture(self, request: Request) -> Response:
        """Answer a key that was pressed."""
        wanted = await _json_wanted(request)
        if isinstance(wanted, Response):
            return wanted
        current = self._current(request.headers.get("x-page", ""), request.headers.get("x-turn", ""))

        async def made() -> bytes | None:
            text = await self.quick.run(current, picture, wanted)
            return None if text is None else text.encode()

        while True:
            data = await self._answered(f"picture {wanted.key}", made, wanted)
            if data is not None:
                return Response(data, media_type="application/json", headers=_PRIVATE)
            if not current():
                return JSONResponse({"ok": False, "superseded": True}, 409, headers=_PRIVATE)

    async def lesson(self, request: Request) -> Response:
        """Answer with the lesson, as a page for a frame."""
        form = _form(await request.body())
        wanted = _read(form.get("request", "").encode("utf-8", "replace"))
        if isinstance(wanted, Response):
            return wanted
        current = self._current(form.get("page", ""), form.get("turn", ""))

        async def made() -> bytes | None:
            return _packed(await self.slow.run(current, lesson, wanted))

        while True:
            data = await self._answered(f"page {wanted.key}", made, wanted)
            if data is not None or not current():
                return _unpacked(data, attached=False)

    async def export(self, request: Request) -> Response:
        """Answer with a file."""
        kind = request.path_params["kind"]
        if kind not in EXPORTS or not EXPORTS[kind].label:
            return JSONResponse({"ok": False, "error": "no such file"}, 404)
        wanted = await _json_wanted(request)
        if isinstance(wanted, Response):
            return wanted

        async def made() -> bytes | None:
            return _packed(await self.slow.run(_always, export, wanted, kind))

        return _unpacked(await self._answered(f"{kind} {wanted.key}", made, wanted), attached=True)

    def language(self, request: Request) -> str:
        """Return the language of a page: the address's, else the first that the browser asks for."""
        asked = request.query_params.get("lang")
        if asked in languages():
            return str(asked)
        for part in request.headers.get("accept-language", "").split(","):
            tag = part.partition(";")[0].strip().partition("-")[0].lower()
            if tag in languages():
                return tag
        return "en"

    def _current(self, page: str, turn: str) -> Callable[[], bool]:
        """Return what says whether a page has asked for nothing newer since; of no page it always does."""
        page, mine = page[:64], _turn(turn)
        if page:
            self.turns[page] = max(mine, self.turns.pop(page, 0))
            if len(self.turns) > _MOST_PAGES:
                self.turns.popitem(last=False)
        return lambda: not page or self.turns.get(page, mine) <= mine

    async def _answered(self, key: str, made: Any, wanted: Wanted) -> bytes | None:
        """Return what the cache has or `made` makes; a refusal where that is too much work."""
        try:
            return await self.cache.get(key, made)
        except OverworkedError:
            with speaking(wanted.lang):
                data = _refused(said("this takes more time or memory than this page may use"))
            self.cache.keep(key, data)  # nobody waits for it a second time
            return data
        except BusyError:
            with speaking(wanted.lang):
                return _refused(said("too many are waiting; try again in a moment"))


_PRIVATE = {"cache-control": "no-store"}


def _always() -> bool:
    return True


def _refused(message: str) -> bytes:
    found = {"ok": False, "faults": [{"message": message, "field": "program"}], "fields": None}
    return json.dumps(found, ensure_ascii=False).encode()


def _turn(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


async def _json_wanted(request: Request) -> Wanted | Response:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        return JSONResponse({"ok": False, "error": "expected application/json"}, 415)
    return _read(await request.body())


def _form(body: bytes) -> dict[str, str]:
    """Return the fields of a form, each once; none where it is no form."""
    try:
        return dict(parse_qsl(body.decode("ascii"), max_num_fields=4, strict_parsing=True))
    except ValueError:
        return {}


def _read(body: bytes) -> Wanted | Response:
    try:
        return read_wanted(json.loads(body))
    except (ValueError, RecursionError) as error:
        if isinstance(error, TutorError):
            rows = list(fault_rows(error))
            return JSONResponse({"ok": False, "faults": [{**r, "field": "program"} for r in rows]}, 400)
        return JSONResponse({"ok": False, "error": "the request is no JSON"}, 400)


def _packed(made: Made | str | None) -> bytes | None:
    """Return a file as bytes for the cache: a line of JSON that says what it is, then its bytes."""
    if made is None:
        return None
    if isinstance(made, str):
        return made.encode()
    head = json.dumps({"name": made.name, "media": made.media})
    return b"\x00" + head.encode() + b"\n" + made.data


def _unpacked(data: bytes | None, attached: bool) -> Response:
    if data is None or not data.startswith(b"\x00"):
        return Response(data or b"{}", 422, media_type="application/json", headers=_PRIVATE)
    head, _, body = data[1:].partition(b"\n")
    told = json.loads(head)
    headers = dict(_PRIVATE)
    if attached:
        headers["content-disposition"] = f'attachment; filename="{told["name"]}"'
        headers["content-security-policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return Response(body, media_type=told["media"], headers=headers)


def application(settings: Settings, ready: Callable[[Classroom], None] | None = None) -> ASGIApp:
    """Return the application of a server; `ready` is told of its class, if it has one.

    Its processes are started with it and ended with it.

    Raises:
        FileError: problems, roster or answers that cannot be read.
    """
    live = Live(settings)
    classroom = Classroom(settings, live) if settings.problems is not None else None
    if classroom is not None and ready is not None:
        ready(classroom)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        live.start()
        try:
            await live.quick.warm()
            if classroom is not None:
                classroom.start()
            warming = asyncio.ensure_future(live.slow.warm())  # pictures need not wait for that
            yield
            warming.cancel()
        finally:
            if classroom is not None:
                classroom.stop()
            live.stop()

    routes = [
        Route("/", live.front), Route("/static/{name}", live.static), Route("/healthz", live.health),
        Route("/picture", live.picture, methods=["POST"]),
        Route("/lesson", live.lesson, methods=["POST"]),
        Route("/export/{kind}", live.export, methods=["POST"]),
    ]  # fmt: skip
    if classroom is not None:
        routes += classroom.routes
    return Guards(Starlette(routes=routes, lifespan=lifespan), settings)
