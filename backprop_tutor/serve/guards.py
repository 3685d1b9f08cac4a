"""Who may ask, from where, how much and how often: middleware in plain ASGI, for every kind of connection.

Enters: an ASGI application. Leaves: one that answers refused requests at once, and puts the headers of
safety on every answer. It looks at the connection alone, never at what is asked for.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import time
from collections import OrderedDict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Guards", "host_of"]

_SAFE = frozenset({"GET", "HEAD"})
_BODY_SECONDS = 15.0
"""A body that takes longer to arrive is not waited for."""

_BURST_SECONDS = 10.0
_MOST_ADDRESSES = 10_000

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


def host_of(text: str) -> str | None:
    """Return the host of `host:port`, in lower case; None where it is no host.

    >>> host_of("LocalHost:8000"), host_of("[::1]:80"), host_of("a b"), host_of("x@y")
    ('localhost', '::1', None, None)
    """
    if not text or any(c in text for c in "/@?#\\ \t,"):
        return None
    try:
        parts = urlsplit(f"//{text}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname


class _TooMuchError(Exception):
    """A body is larger than is read, or too slow; the status says which."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Guards:
    """The middleware."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        own = {"localhost", "testserver", socket.gethostname().casefold()}
        self._hosts = own | {name.casefold() for name in settings.hosts}
        self._meters: OrderedDict[str, tuple[float, float]] = OrderedDict()
        frames = " ".join(["'self'", *settings.frames])
        self._frames = f"frame-ancestors {frames}".encode("ascii", "ignore")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a connection, or refuse it."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        status = self._refusal(scope)
        if scope["type"] == "websocket":  # the page opens none
            await receive()
            return await send({"type": "websocket.close", "code": 1008})
        if status:
            return await _refuse(send, status)
        began = False

        async def answered(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                headers = list(message.get("headers", ()))
                if not any(name == b"content-security-policy" for name, _ in headers):
                    headers.append((b"content-security-policy", self._frames))
                message = {**message, "headers": [*headers, *_HEADERS]}
            await send(message)

        try:
            await self.app(scope, self._measured(receive), answered)
        except _TooMuchError as error:
            if not began:
                await _refuse(send, error.status)
        except asyncio.CancelledError:  # the server ends, and has waited as long as it does
            if not began:
                await _refuse(send, 503)

    def _refusal(self, scope: Scope) -> int:
        """Return the status with which a connection is refused; 0 where it is not."""
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name == b"host" and name in headers:
                return 400
            headers[name] = value
        asked = headers.get(b"host", b"").decode("latin-1")
        host = host_of(asked)
        if host is None:
            return 400
        if not self._known(host):
            return 421
        if scope["type"] == "websocket":
            return 403
        if scope["method"] not in _SAFE:
            if not self._own(headers, asked):
                return 403
            length = headers.get(b"content-length", b"0")
            if not length.isdigit() or int(length[:20]) > self.settings.body:
                return 413
        return 0 if self._within_rate(scope) else 429

    def _known(self, host: str) -> bool:
        """Return whether a host is this machine's; an address is no name that others can take."""
        if host in self._hosts:
            return True
        try:
            ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        return True

    def _own(self, headers: dict[bytes, bytes], asked: str) -> bool:
        """Return whether what changes something is asked for by a page of ours."""
        if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
            return False
        origin = headers.get(b"origin")
        if origin is None:
            return True  # no browser: they send it with every POST
        return urlsplit(origin.decode("latin-1")).netloc.casefold() == asked.casefold()

    def _within_rate(self, scope: Scope) -> bool:
        """Count a request against its address's allowance, and return whether there was any left."""
        address = (scope.get("client") or ("",))[0]
        now, rate = time.monotonic(), self.settings.rate
        most = rate * _BURST_SECONDS
        left, then = self._meters.pop(address, (most, now))
        left = min(most, left + (now - then) * rate)
        self._meters[address] = (max(0.0, left - 1), now)
        if len(self._meters) > _MOST_ADDRESSES:
            self._meters.popitem(last=False)
        return left >= 1

    def _measured(self, receive: Receive) -> Receive:
        """Return what receives a body of at most so many bytes within so many seconds."""
        read, end = 0, time.monotonic() + _BODY_SECONDS
        whole = False

        async def measured() -> Message:
            nonlocal read, whole
            if whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(0.0, end - time.monotonic()))
            except TimeoutError:
                raise _TooMuchError(408) from None
            read += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if read > self.settings.body:
                raise _TooMuchError(413)
            return message

        return measured


_REASONS = {
    400: "the request names no host", 403: "the request comes from another page",
    408: "the request took too long to arrive", 413: "the request is larger than is read",
    421: "this is not a host of this server; --allow-host adds one",
    429: "too many requests from this address; wait a little", 503: "the server is ending",
}  # fmt: skip


async def _refuse(send: Send, status: int) -> None:
    body = json.dumps({"ok": False, "error": _REASONS[status]}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()),
               (b"connection", b"close"), *_HEADERS]  # fmt: skip
    if status in (429, 503):
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
