"""What is no plain request on a connection: tried byte by byte against the server's own protocol and guards.

The table lists what was tried: requests that are cut off, slow, doubled, smuggled behind another, without an
end, with headers within headers; methods and protocols that the page has not.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import pytest
import uvicorn

from backprop_tutor.serve import Settings, connections
from backprop_tutor.serve.connections import Connection
from backprop_tutor.serve.guards import Guards
from backprop_tutor.serve.running import _socket

from .test_guards import _echo

_SHORT = 0.4


@contextmanager
def served(app: Any, silence: float = _SHORT, **patience: float) -> Iterator[tuple[int, uvicorn.Server]]:
    """Serve an application with a short patience; give the port and the server, which ends afterwards."""
    with _socket("127.0.0.1", 0) as listening, pytest.MonkeyPatch.context() as patch:
        for name, seconds in {"_UNREAD": _SHORT, **patience}.items():
            patch.setattr(connections, name, seconds)
        config = uvicorn.Config(
            app, log_level="critical", access_log=False, http=Connection,
            ws="none", lifespan="off", h11_max_incomplete_event_size=65536,
        )  # fmt: skip
        config.timeout_keep_alive = silence  # type: ignore[assignment]  # seconds, of which a test has no whole one
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listening.getsockname()[1], server
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server of the guards alone."""
    with served(Guards(_echo, Settings(body=2048))) as (place, _):
        yield place


def exchanged(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Return all that the server answers to parts that are sent one after the other, until it hangs up."""
    with closing(socket.create_connection(("127.0.0.1", port), 20)) as client:
        found = b""
        try:
            for part in parts:
                client.sendall(part)
                time.sleep(pause)
            while chunk := client.recv(65536):
                found += chunk
        except ConnectionError:
            pass
        return found


HEAD = b"POST /x HTTP/1.1\r\nhost: localhost\r\n"
TRIED = {
    "a plain request": (HEAD + b"content-length: 2\r\n\r\nab", [b"200 OK"]),
    "two at once, each answered": (2 * (HEAD + b"content-length: 2\r\n\r\nab"), [b"200 OK", b"200 OK"]),
    "two lengths that differ": (HEAD + b"content-length: 2\r\ncontent-length: 9\r\n\r\nab", [b"400 "]),
    "a length that is none": (HEAD + b"content-length: +2\r\n\r\nab", [b"400 "]),
    "a length and chunks": (
        HEAD + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /secret HTTP/1.1\r\n\r\n",
        [b"200 OK", b"400 "],
    ),
    "chunks of another code": (HEAD + b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [b"400 "]),
    "chunks that are too much": (
        HEAD + b"transfer-encoding: chunked\r\n\r\n" + 3 * (b"400\r\n" + b"x" * 1024 + b"\r\n"), [b"413 "],
    ),
    "a chunk of a size that is none": (HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n", [b"400 "]),
    "a line break in a header": (HEAD + b"x-a: b\rx-evil: 1\r\n\r\n", [b"400 "]),
    "a header that goes on": (HEAD + b"x-a: b\r\n x-evil: 1\r\ncontent-length: 0\r\n\r\n", [b"200 OK"]),
    "a null in a header": (HEAD + b"x-a: b\0c\r\n\r\n", [b"400 "]),
    "a blank before the colon": (HEAD + b"content-length : 2\r\n\r\nab", [b"400 "]),
    "headers without an end": (HEAD + b"x-a: " + b"b" * 70_000, [b"400 "]),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", [b"400 "]),
    "two hosts": (b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: evil.com\r\n\r\n", [b"400 "]),
    "another's host in the address": (b"GET http://evil.com/ HTTP/1.1\r\nhost: evil.com\r\n\r\n", [b"421 "]),
    "no protocol": (b"GET /\r\n\r\n", [b"400 "]),
    "another protocol": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [b"400 "]),
    "not HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [b"400 "]),
    "a WebSocket": (
        b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
        b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13\r\n\r\n", [b"200 OK"],
    ),
    "a request that is cut off": (b"POST /x HTTP/1.1\r\nho", []),
    "nothing": (b"", []),
}  # fmt: skip


@pytest.mark.parametrize("name", TRIED)
def test_what_is_no_plain_request(port: int, name: str) -> None:
    """Each is answered or refused once, and the connection is ended; nothing behind it is a request."""
    sent, expected = TRIED[name]
    answers = exchanged(port, sent).split(b"HTTP/1.1 ")[1:]
    assert [answer[: len(start)] for answer, start in zip(answers, expected, strict=True)] == expected
    assert not any(b"x-evil" in answer.lower() or b"101 " in answer[:4] for answer in answers)


def test_a_head_that_comes_byte_by_byte_is_not_waited_for(port: int) -> None:
    """A client that sends a byte of its headers now and then is hung up on; others are answered meanwhile."""
    began = time.monotonic()
    slow = [bytes([byte]) for byte in HEAD]
    assert exchanged(port, *slow, pause=0.05) == b""
    assert time.monotonic() - began < 0.05 * len(slow) + 20
    assert exchanged(port, HEAD + b"content-length: 0\r\n\r\n").startswith(b"HTTP/1.1 200 OK")


_LARGE = 400_000
_GET = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"


async def _large(scope: Any, receive: Any, send: Any) -> None:
    """An answer that no system keeps for a client who does not read, once there are many of it."""
    headers = [(b"content-length", str(_LARGE).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * _LARGE})


def _until(holds: Any) -> bool:
    """Return whether something comes to hold within 20 s."""
    end = time.monotonic() + 20
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.02)
    return bool(found)


def _stalled(port: int) -> socket.socket:
    """Return a client that asks forty times at once, and reads nothing."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    client.sendall(40 * _GET)
    return client


def test_who_asks_and_never_reads_is_dropped() -> None:
    """Many requests at once, of which no answer is read: the connection is ended, and nothing is left of it."""
    with served(_large, _STALLED=_SHORT) as (port, server), closing(_stalled(port)):
        assert _until(lambda: server.server_state.connections)
        assert _until(lambda: not server.server_state.connections)
        assert _until(lambda: not server.server_state.tasks)


def test_who_reads_slowly_gets_all_of_it() -> None:
    """A client that takes far longer than the patience, but reads, is not dropped, and may ask again."""
    with served(_large, silence=20, _STALLED=_SHORT) as (port, _), closing(_stalled(port)) as client:
        client.settimeout(20)
        found, began, pauses = 0, time.monotonic(), 0
        while found < 40 * _LARGE:
            chunk = client.recv(65536)
            assert chunk, f"hung up after {found} bytes"
            found += len(chunk)
            if found > pauses * 40 * _LARGE / 30:  # thirty pauses, each shorter than the patience
                pauses += 1
                time.sleep(_SHORT / 8)
        assert time.monotonic() - began > 3 * _SHORT
        client.settimeout(2 * _SHORT)
        with suppress(TimeoutError):  # the end of the last answer, then silence, and no hanging up
            while True:
                assert client.recv(65536)
        client.settimeout(20)
        client.sendall(_GET)
        assert client.recv(15) == b"HTTP/1.1 200 OK"


def test_the_end_does_not_wait_for_who_never_reads() -> None:
    """A server that is told to end gives such a client a moment, then ends; others have had theirs."""
    with served(_large, _AT_THE_END=_SHORT) as (port, server), closing(_stalled(port)):
        assert _until(lambda: any(each._stalled for each in server.server_state.connections))
        began = time.monotonic()
        server.should_exit = True
        assert _until(lambda: not server.server_state.connections)
        assert time.monotonic() - began < connections._STALLED / 2
