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
from contextlib import closing

import pytest
import uvicorn

from backprop_tutor.serve import Settings, connections
from backprop_tutor.serve.connections import Connection
from backprop_tutor.serve.guards import Guards
from backprop_tutor.serve.running import _socket

from .test_guards import _echo

_SHORT = 0.4


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server of the guards alone, whose patience is short."""
    with _socket("127.0.0.1", 0) as listening, pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "_UNREAD", _SHORT)
        config = uvicorn.Config(
            Guards(_echo, Settings(body=2048)), log_level="critical", access_log=False, http=Connection,
            ws="none", lifespan="off", h11_max_incomplete_event_size=65536,
        )  # fmt: skip
        config.timeout_keep_alive = _SHORT  # type: ignore[assignment]  # seconds, of which a test has no whole one
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(30)


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
