"""A class on the live page: keys, 50 students, 300 who join at once, hostile programs, kills of the server.

    python -m benchmarks.serve_load                      # all of it: about three minutes
    python -m benchmarks.serve_load --seconds 10 --kills 2
    python -m benchmarks.serve_load --rounds 24          # memory alone: round after round of new programs

Server and students share the machine. What is measured: from a request to its whole answer, on loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

PROBLEMS = """\
title = "Load"
[[problem]]
id = "p"
program = "q = x + y; f = q*z"
values = { x = -2, y = 5, z = -4 }
ask = ["q", "f", "df/dq", "df/dx", "df/dy", "df/dz"]
"""
CELLS = ("q", "f", "df/dq", "df/dx", "df/dy", "df/dz")
HOSTILE = (
    "\n".join(f"a{i} = a{i - 1}*a{i - 1} + 1" if i else "a0 = 3" for i in range(390)),
    "f = " + "9^" * 300 + "9",
    "f = " + " + ".join(f"sin(x{i}*x{i + 1})" for i in range(190)),
)


class Student:
    """One connection, kept open, as a browser keeps it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, data: Any = None) -> tuple[int, bytes]:
        """Return the status and the body of an answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        body = b"" if data is None else json.dumps(data).encode()
        head = f"{'GET' if data is None else 'POST'} {path} HTTP/1.1\r\nhost: localhost\r\n"
        head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        try:
            writer.write(head.encode() + body)
            await writer.drain()
            answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = re.search(r"content-length: (\d+)", answer, re.IGNORECASE)
            found = await reader.readexactly(int(length[1])) if length else b""
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            raise ConnectionError from None
        if "connection: close" in answer.lower():
            self.close()
        return int(answer.split()[1]), found

    def close(self) -> None:
        """End the connection."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


class Server:
    """The server as a process."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        (folder / "p.toml").write_text(PROBLEMS, encoding="utf-8")
        words = [sys.executable, "-m", "backprop_tutor", "serve", "--port", str(port),
                 "--problems", "p.toml", "--rate", "2000"]  # fmt: skip
        root = Path(__file__).parents[1]
        environment = {**os.environ, "PYTHONPATH": str(root), "BACKPROP_TUTOR_LANG": "en"}
        self.process = subprocess.Popen(
            words, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.port = int(re.findall(r":(\d+)/", self.process.stdout.readline())[0])

    def megabytes(self) -> float:
        """Return what the server's own process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def workers(self) -> list[float]:
        """Return what each of its processes holds, the largest first."""
        found = []
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                status = Path(f"/proc/{child}/status").read_text(encoding="ascii")
                found += [int(kilobytes) / 1024 for kilobytes in re.findall(r"VmRSS:\s+(\d+)", status)]
        return sorted(found, reverse=True)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it, and return the status it ended with."""
        self.process.send_signal(how)
        return self.process.wait(30)


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Server]:
    """Serve while the block runs."""
    server = await asyncio.to_thread(Server, folder)
    try:
        yield server
    finally:
        status = await asyncio.to_thread(server.end)
        print(f"SIGTERM: ended with {status}")


def told(name: str, times: list[float], failures: int = 0) -> None:
    """Print what was measured."""
    ordered = sorted(times) or [float("nan")]
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 1)]
    shown = "  ".join(f"{n} {1000 * t:6.0f} ms" for n, t in zip(("half", "95 %", "all"), at, strict=True))
    print(f"{name:<44} {len(times):>6}  {shown}  failures {failures}")


async def timed(student: Student, path: str, data: Any) -> tuple[float, bool]:
    """Return how long an answer took, and whether it was one."""
    before = time.perf_counter()
    try:
        status, body = await student.ask(path, data)
    except ConnectionError:
        return time.perf_counter() - before, False
    return time.perf_counter() - before, status == 200 and json.loads(body).get("ok", False)


def sixty_nodes(seed: int) -> dict[str, Any]:
    """Return a program of 60 nodes, of whose values one is new."""
    lines = [f"a{i} = tanh(w{i}*{f'a{i - 1}' if i else 'x'} + b{i})" for i in range(12)]
    values = {f"w{i}": "0.3" for i in range(12)} | {f"b{i}": "0.1" for i in range(12)}
    return {"program": "\n".join(lines), "values": values | {"x": str(seed / 1000)}}


async def keys(server: Server, count: int) -> None:
    """One person types: programs of 60 nodes, and faults in them, one after the other."""
    student = Student(server.port)
    for scale in ("neurons", "gates"):
        asked = [sixty_nodes(i) | {"scale": scale} for i in range(1, count + 1)]
        found = [await timed(student, "/picture", data) for data in asked]
        told(f"a key, 60 nodes, at {scale}", [t for t, _ in found], sum(not ok for _, ok in found))
    wrong = [sixty_nodes(i) for i in range(count)]
    for data in wrong:
        data["program"] += " + * 3"
    told("a key, a fault", [(await timed(student, "/picture", data))[0] for data in wrong])


async def study(server: Server, number: int, seconds: float, into: list[tuple[float, bool]]) -> None:
    """One student of the class: a new program every two seconds."""
    draw = random.Random(number)
    student = Student(server.port)
    await asyncio.sleep(draw.random() * 2)
    for turn in range(int(seconds / 2)):
        began = time.perf_counter()
        names = draw.sample(["a", "b", "c", "u", "v", "w"], 4)
        program = "z = {}*{} + {}\nf = sigmoid(z)*{}".format(*names)
        values = {name: str(draw.randint(-30, 30) / 10) for name in names}
        into.append(await timed(student, "/picture", {"program": program + f" + {turn}", "values": values}))
        await asyncio.sleep(max(0.0, 2 - (time.perf_counter() - began)))


async def attack(server: Server, until: float) -> int:
    """One who sends programs that take all they can get, each a new one."""
    student, sent = Student(server.port), 0
    while time.perf_counter() < until:
        sent += 1
        await timed(student, "/picture", {"program": HOSTILE[sent % 3] + f" + {sent}"})
    return sent


async def lesson(server: Server, number: int, wait: float) -> None:
    """Ask for a lesson, as a page does when its keys pause."""
    await asyncio.sleep(wait)
    await Student(server.port).ask("/export/lesson", {"program": f"f = w*x + {number}"})


async def school(server: Server, students: int, seconds: float) -> None:
    """A class at work, with somebody hostile in it."""
    before, found = server.megabytes(), list[tuple[float, bool]]()
    attacker = asyncio.ensure_future(attack(server, time.perf_counter() + seconds))
    lessons = [asyncio.ensure_future(lesson(server, n, n * seconds / 10)) for n in range(10)]
    await asyncio.gather(*(study(server, n, seconds, found) for n in range(students)))
    sent = await attacker
    await asyncio.gather(*lessons)
    failures = sum(not ok for _, ok in found)
    told(f"{students} students, each every 2 s, for {seconds:.0f} s", [t for t, _ in found], failures)
    after = server.megabytes()
    print(f"hostile programs among them: {sent}; the server's memory: {before:.0f} MB → {after:.0f} MB")


async def rounds(server: Server, count: int) -> None:
    """Round after round of programs nobody has asked for before, and the memory after each."""
    print(f"{'round':>5} {'requests':>9} {'the server':>11}   its processes")
    for number in range(count):
        students = [Student(server.port) for _ in range(8)]
        draw = random.Random(number)
        asked = [("/picture", sixty_nodes(draw.randint(1, 10**9))) for _ in range(120)]
        asked += [("/picture", {"program": f"f = w*x + * {draw.random()}"}) for _ in range(40)]
        asked += [
            (f"/export/{kind}", {"program": f"f = sigmoid(w*x + b)*{draw.random()}"})
            for kind in ("lesson", "json", "markdown", "png") for _ in range(10)
        ]  # fmt: skip
        draw.shuffle(asked)

        async def work(student: Student, share: list[tuple[str, Any]]) -> int:
            return sum([(await student.ask(*each))[0] == 200 for each in share])

        good = sum(await asyncio.gather(*(work(s, asked[i::8]) for i, s in enumerate(students))))
        for student in students:
            student.close()
        held = "  ".join(f"{each:.0f}" for each in server.workers())
        own = f"{server.megabytes():>8.1f} MB"
        print(f"{number + 1:>5} {good:>4}/{len(asked)} {own}   {held} MB", flush=True)


async def join(server: Server, number: int) -> tuple[float, bool]:
    """One student joins: the page, the name, the sheet."""
    student, before = Student(server.port), time.perf_counter()
    try:
        page, _ = await student.ask("/class")
        _, body = await student.ask("/class/join", {"name": f"student {number}"})
        status, _ = await student.ask("/class/sheet", {"token": json.loads(body)["token"]})
    except (ConnectionError, KeyError):
        return time.perf_counter() - before, False
    finally:
        student.close()
    return time.perf_counter() - before, (page, status) == (200, 200)


async def answering(
    port: int, name: str, acknowledged: dict[tuple[str, str], str], draw: random.Random
) -> None:
    """Answer one cell after the other, and note what was acknowledged, until the server is gone."""
    student = Student(port)
    try:
        _, body = await student.ask("/class/join", {"name": name})
        token = json.loads(body)["token"]
        while True:
            cell, answer = draw.choice(CELLS), str(draw.randint(-99, 99))
            data = {"token": token, "problem": "p", "quantity": cell, "answer": answer}
            acknowledged.pop((name, cell), None)  # either may hold while nothing is acknowledged
            status, _ = await student.ask("/class/answer", data)
            if status == 200:
                acknowledged[name, cell] = answer
    except ConnectionError:
        return


async def kills(folder: Path, count: int) -> None:
    """Kill the server in the middle of answers, start it again, and look for every acknowledged one."""
    draw, lost, total = random.Random(1), 0, 0
    for number in range(count):
        server = await asyncio.to_thread(Server, folder)
        acknowledged: dict[tuple[str, str], str] = {}
        students = [
            asyncio.ensure_future(answering(server.port, f"k{number} {n}", acknowledged, draw))
            for n in range(20)
        ]
        await asyncio.sleep(1 + draw.random())
        await asyncio.to_thread(server.end, signal.SIGKILL)
        await asyncio.gather(*students)
        held: dict[tuple[str, str], str] = {}
        with (folder / "p-answers.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                held[row[0], row[3]] = row[4]
        total += len(acknowledged)
        lost += sum(held.get(key) != answer for key, answer in acknowledged.items())
    print(f"{count} kills: {total} answers acknowledged last for their cells, {lost} lost")


async def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--students", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--joining", type=int, default=300)
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=0, help="measure memory alone, over so many rounds")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with serving(folder) as server:
            if chosen.rounds:
                await rounds(server, chosen.rounds)
                return
            await keys(server, chosen.keys)
            began = time.perf_counter()
            found = await asyncio.gather(*(join(server, n) for n in range(chosen.joining)))
            told(f"{chosen.joining} joining at once", [t for t, _ in found], sum(not ok for _, ok in found))
            print(f"all had joined after {time.perf_counter() - began:.1f} s")
            await school(server, chosen.students, chosen.seconds)
        await kills(folder, chosen.kills)


if __name__ == "__main__":
    asyncio.run(main())
