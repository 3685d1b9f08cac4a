"""The server itself: it listens, says where, and ends cleanly when it is told to.

Enters: `Settings`. Leaves: nothing, after the last answer was given and every process has ended.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from ..errors import OptionError, quoted
from ..reasons import reason
from ..sentences import said
from .app import application
from .connections import SILENCE, Connection
from .settings import Settings

__all__ = ["run"]

_GRACE = 5
"""Seconds for answers under way when the server is told to end."""


def run(settings: Settings, ready: Callable[[str, str], None] | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Once it answers, `ready` is called with the page's address and the teacher's token, "" without a class.

    Raises:
        OptionError: nothing can listen there.
    """
    tokens: list[str] = []
    app = application(settings, lambda classroom: tokens.append(classroom.journal.teacher))
    listening = _socket(settings.host, settings.port)
    port = listening.getsockname()[1]
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False,
        timeout_graceful_shutdown=_GRACE, timeout_keep_alive=SILENCE, h11_max_incomplete_event_size=65536,
        http=Connection, ws="none", lifespan="on",
    )  # fmt: skip
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{shown}:{port}/"
    server = _Server(config, lambda: ready and ready(address, "".join(tokens)))
    with listening:
        asyncio.run(server.serve(sockets=[listening]))


class _Server(uvicorn.Server):
    """A server that says when it answers, and that ends without an error when it is told to end."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End the server at the first signal, and at once at a second; none is raised again."""
        before = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _socket(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )[0]
        # With the protocol named, asyncio sends an answer's parts at once; without it the second part
        # waits 40 ms for the other side to acknowledge the first (Nagle's algorithm, RFC 896).
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(address)
        except OSError:
            found.close()
            raise
    except (OSError, UnicodeError) as error:
        told = reason(error) if isinstance(error, OSError) else str(error)
        raise OptionError(
            said("nothing can listen at {host}, port {port}: {reason}",
                 host=quoted(host), port=port, reason=told)
        ) from None  # fmt: skip
    return found
