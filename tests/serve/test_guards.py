"""What hostile and broken connections meet: nothing of them reaches a process, and nothing of ours leaks.

What is tried, each by the tests below: names of hosts and pages that are not ours, bodies that are too
large, that lie about their length, that never end, paths that climb, headers within values, markup in
every text, floods from one address, connections that are not HTTP requests, programs that do not end,
cookies of others (the page has none), tokens that are guessed a character at a time. Bytes that are no
plain request are in `test_connections.py`, names and answers of students in `test_class.py`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from backprop_tutor.serve import Settings, guards
from backprop_tutor.serve.app import application
from backprop_tutor.serve.guards import Guards, host_of

PAGE = {"program": "f = w*x"}


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the number of bytes received."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


def asked(
    guarded: Any, headers: dict[str, str], method: str = "GET", body: tuple[bytes, ...] = (b"",),
    kind: str = "http", client: str = "10.0.0.1", endless: bool = False,
) -> tuple[int, dict[str, str]]:  # fmt: skip
    """Return the status and headers with which guards answer; `endless` bodies never come to their end."""
    sent: list[dict[str, Any]] = []
    parts = list(body)
    scope = {
        "type": kind, "method": method, "path": "/", "client": (client, 1), "query_string": b"",
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        if kind == "websocket":
            return {"type": "websocket.connect"}
        if not parts:
            await asyncio.sleep(3600)
        chunk = parts.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(parts) or endless}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guarded(scope, receive, send))
    first = sent[0]
    found = {k.decode(): v.decode() for k, v in first.get("headers", [])}
    return first.get("status", -first.get("code", 0)), found


HOSTS = [
    ("127.0.0.1:8000", 200), ("localhost", 200), ("[::1]:8000", 200), ("192.168.1.7", 200),
    ("tutor.example.org", 200), ("TUTOR.example.org:443", 200), ("evil.example.org", 421),
    ("tutor.example.org.evil.com", 421), ("localhost.evil.com", 421), ("", 400), ("a b", 400),
    ("localhost@evil.com", 400), ("localhost/evil", 400), ("localhost:99999999", 400), ("localhost,evil", 400),
]  # fmt: skip


@pytest.mark.parametrize(("host", "status"), HOSTS)
def test_a_host_is_ours_or_an_address(host: str, status: int) -> None:
    """Names that were not allowed are refused, so that no page elsewhere can pose as this one."""
    guarded = Guards(_echo, Settings(hosts=("tutor.example.org",)))
    assert asked(guarded, {"host": host})[0] == status


ORIGINS = [
    ({}, 200), ({"origin": "http://localhost:8000"}, 200), ({"origin": "https://localhost:8000"}, 200),
    ({"origin": "http://localhost:8001"}, 403), ({"origin": "null"}, 403), ({"origin": ""}, 403),
    ({"origin": "http://evil.com"}, 403), ({"origin": "http://localhost:8000.evil.com"}, 403),
    ({"sec-fetch-site": "cross-site"}, 403), ({"sec-fetch-site": "same-site"}, 403),
    ({"sec-fetch-site": "same-origin", "origin": "http://localhost:8000"}, 200),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "status"), ORIGINS)
def test_only_pages_of_ours_ask_for_work(headers: dict[str, str], status: int) -> None:
    """A POST that another page sends is refused before its body is read; looking is free."""
    guarded = Guards(_echo, Settings())
    assert asked(guarded, {"host": "localhost:8000", **headers}, "POST")[0] == status
    assert asked(guarded, {"host": "localhost:8000", **headers}, "GET")[0] == 200


def test_websockets_are_closed() -> None:
    """There are none, and one that is opened is closed, whatever its origin."""
    assert asked(Guards(_echo, Settings()), {"host": "localhost"}, kind="websocket")[0] == -1008


BODIES = [
    ((b"x" * 1000,), {}, False, 200), ((b"x" * 600, b"x" * 600), {}, False, 413), ((b"",), {"content-length": "99999"}, False, 413),
    ((b"x",), {"content-length": "-1"}, False, 413), ((b"x",), {"content-length": "1e3"}, False, 413),
    ((b"x",), {"content-length": "9" * 400}, False, 413), ((b"x",), {}, True, 408),
]  # fmt: skip


@pytest.mark.parametrize(("body", "headers", "endless", "status"), BODIES)
def test_a_body_has_a_size_and_a_time(
    body: tuple[bytes, ...], headers: dict[str, str], endless: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body that is too large is not read to its end, one that does not come is not waited for."""
    monkeypatch.setattr(guards, "_BODY_SECONDS", 0.2)
    guarded = Guards(_echo, Settings(body=1024))
    assert asked(guarded, {"host": "localhost", **headers}, "POST", body, endless=endless)[0] == status


def test_a_flood_is_answered_at_once_and_stops_nobody_else() -> None:
    """Ten seconds' worth of requests are answered; the next is refused at once, others' are not."""
    guarded = Guards(_echo, Settings(rate=1))
    found = [asked(guarded, {"host": "localhost"}) for _ in range(12)]
    assert [status for status, _ in found] == [200] * 10 + [429] * 2
    assert found[-1][1]["retry-after"] == "1"
    assert asked(guarded, {"host": "localhost"}, client="10.0.0.2")[0] == 200


def test_what_is_not_ready_when_the_server_ends_is_told_so() -> None:
    """An answer that is not there when the server has waited long enough is a refusal, not an error of ours."""

    async def ended(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    status, headers = asked(Guards(ended, Settings()), {"host": "localhost"})
    assert (status, headers["retry-after"]) == (503, "1")


def test_a_name_of_a_host() -> None:
    """A host is read with its port and its brackets, or refused."""
    assert [host_of(text) for text in ("A:1", "[::1]", "::1:80:", "x?y")] == ["a", "::1", None, None]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A server whose pictures may take a second."""
    with TestClient(application(Settings(workers=1, seconds=20, slow_seconds=60))) as found:
        yield found


SAFE = {
    "x-content-type-options": "nosniff", "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
}  # fmt: skip


def test_every_answer_has_the_headers_of_safety(client: TestClient) -> None:
    """Pages allow no script but files of ours and no frame elsewhere; files that are saved run nothing."""
    for path in ("/", "/healthz", "/static/live.js", "/nothing"):
        headers = client.get(path).headers
        assert {name: headers[name] for name in SAFE} == SAFE
        assert "frame-ancestors" in headers["content-security-policy"]
    policy = client.get("/").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert policy.endswith("frame-ancestors 'none'")
    saved = client.post("/export/lesson", json=PAGE).headers["content-security-policy"]
    assert saved.startswith("sandbox; default-src 'none'")
    with TestClient(Guards(application(Settings()).app, Settings(frames=("https://school.org",)))) as other:  # type: ignore[attr-defined]
        assert "https://school.org" in other.get("/static/none").headers["content-security-policy"]


PATHS = [
    "/static/../app.py", "/static/%2e%2e%2fapp.py", "/static/..%5capp.py", "/static//etc/passwd", "/static/",
    "/static/live.js%00.css", "/templates/live.html", "/static/.hidden",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_elsewhere(client: TestClient, path: str) -> None:
    """Files are found in a list by their names; no path is built from a request."""
    assert client.get(path).status_code == 404


MARKUP = '<script>alert(1)</script>"\'&\r\nX-Evil: 1'


def test_no_cookie_is_set_or_looked_at(client: TestClient) -> None:
    """Who asks is told by nothing that a browser sends by itself: another's cookie changes no answer."""
    plain = client.post("/picture", json=PAGE)
    other = client.post("/picture", json=PAGE, headers={"cookie": "token=616e6e61.0; session=1; lang=ko"})
    assert plain.content == other.content
    assert not any("set-cookie" in client.get(path).headers for path in ("/", "/static/live.js", "/healthz"))


def test_markup_stays_text(client: TestClient) -> None:
    """What is typed comes back as JSON text, in the lesson as text, and in no header."""
    response = client.post("/picture", json={"program": f"f = w*x  # {MARKUP}", "values": {MARKUP: "1", "w": MARKUP}})
    assert response.headers["content-type"] == "application/json"
    assert "x-evil" not in response.headers
    lesson = client.post("/lesson", data={"request": json.dumps({"program": "f = w*x  # </script><script>alert(1)"})})
    assert "alert(1)" not in lesson.text
    name = client.post("/export/svg", json={"program": 'θ = w*x'}).headers["content-disposition"]
    assert name.isascii()
    assert "<script>" not in client.get("/", params={"lang": MARKUP}).text


BROKEN = [b"", b"{", b"[" * 30_000, b'{"program": 1e999}', b"\xff\xfe", b"null", b'{"program": "f = x", "step": 1e400}']


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_a_body_that_is_no_request_is_a_400(client: TestClient, body: bytes) -> None:
    """Whatever is sent as JSON or as a form, the answer is a refusal and never the server's fault."""
    assert client.post("/picture", content=body, headers={"content-type": "application/json"}).status_code == 400
    assert client.post("/lesson", content=b"request=" + body.hex().encode()).status_code == 400
    assert client.post("/picture", content=body, headers={"content-type": "text/plain"}).status_code == 415


HOSTILE = {
    "a tower": "f = " + "9^" * 400 + "9",
    "a deep nest": "f = " + "(" * 9000 + "x" + ")" * 9000,
    "many lines": "\n".join(f"a{i} = a{i - 1}*a{i - 1} + 1" if i else "a0 = 3" for i in range(600)),
    "many names": "f = " + " + ".join(f"x{i}" for i in range(2500)),
}  # fmt: skip


def test_a_hostile_program_is_ended_and_the_next_is_answered() -> None:
    """A program that would take all time or memory is refused within its limit; the server goes on."""
    with TestClient(application(Settings(workers=1, seconds=3, megabytes=400))) as client:
        for name, program in HOSTILE.items():
            found = client.post("/picture", json={"program": program}).json()
            assert client.post("/picture", json={"program": program}).json() == found, name
            assert client.get("/healthz").json() == {"ok": True}
