"""The server as a process: it says where it is, answers, and ends cleanly when it is told to."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from shared import environment

from backprop_tutor.serve.running import _socket


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM for processes")
def test_a_server_answers_until_it_is_told_to_end(tmp_path: Path) -> None:
    """SIGTERM ends the server with 0 after the answer that is under way, whoever hung up meanwhile."""
    command = [sys.executable, "-m", "backprop_tutor", "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        assert server.stderr is not None
        address = re.findall(r"http://\S+", server.stdout.readline())[0]
        with urllib.request.urlopen(f"{address}healthz", timeout=60) as answer:
            assert json.load(answer) == {"ok": True}
        asked = urllib.request.Request(
            f"{address}picture", json.dumps({"program": "f = w*x"}).encode(), {"content-type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=60) as answer:
            assert json.load(answer)["result"] == "f = 3"
        place = (address.split("/")[2].split(":")[0], int(address.split(":")[2].strip("/")))
        body = json.dumps({"program": "\n".join(f"a{i + 1} = tanh(w{i}*a{i} + b{i})" for i in range(20))}).encode()
        head = b"POST /picture HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        head += f"content-length: {len(body)}\r\n\r\n".encode()
        with socket.create_connection(place) as gone, socket.create_connection(place) as waiting:
            gone.sendall(head + body[:-1] + b"x")  # its client leaves in the middle
            gone.shutdown(socket.SHUT_RDWR)
            waiting.sendall(head + body)
            time.sleep(0.05)
            server.send_signal(signal.SIGTERM)
            found = b"".join(iter(lambda: waiting.recv(65536), b""))
        out, err = server.communicate(timeout=60)
    assert (server.returncode, out, err) == (0, "", "")
    assert found.startswith(b"HTTP/1.1 200 OK")
    assert json.loads(found.partition(b"\r\n\r\n")[2])["ok"]


def test_the_parts_of_an_answer_do_not_wait_for_each_other() -> None:
    """The socket names its protocol: asyncio turns Nagle's algorithm off for those that do (else 40 ms)."""
    with _socket("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
