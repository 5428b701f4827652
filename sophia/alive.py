"""Does the web answer? Asked by its supervisor, and answered before Django: neither the database nor a page is needed.

What holds the interpreter, such as one endless regex, holds every page, and this answer too.
"""

import select
import socket
from contextlib import suppress
from time import monotonic
from typing import Any

PATH = "/alive"
QUESTION = f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
EVERY = 2.0
FROZEN_AFTER = 20.0
STARTING = 120.0
STARTING_AT_MOST = 960.0
"""Seconds, all of them."""


class Answering:
    def __init__(self, behind: Any):
        self.behind = behind

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.behind(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def first_address(host: str, port: int) -> Any:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]


class Door:
    """A supervisor's eye on the web. It never waits: an answer is there at the next look, or it is not.

    Where `patient`, a web that stands still is left alone: somebody may look into it with a debugger."""

    def __init__(self, host: str, port: int, patient: bool = False):
        self.family, _, _, _, self.address = first_address(host, port)
        self.patient = patient
        self.starting = STARTING
        self.question: socket.socket | None = None
        self.reset()

    def reset(self) -> None:
        self.hang_up()
        self.answered = False
        self.alive_at = self.knock_at = monotonic()

    def is_ready(self) -> bool:
        return self.answered

    @property
    def patience(self) -> float:
        """A web that has never answered may be busy starting, on a machine that is busy with others."""
        if self.patient:
            return float("inf")
        return FROZEN_AFTER if self.answered else self.starting

    def sees_frozen(self) -> bool:
        now = monotonic()
        with suppress(OSError):
            if self.question:
                self.listen(self.question, now)
            elif now >= self.knock_at:
                self.knock(now)
        return now - self.alive_at > self.patience

    def knock(self, now: float) -> None:
        self.knock_at = now
        self.question = socket.socket(self.family, socket.SOCK_STREAM)
        self.question.setblocking(False)
        self.question.connect_ex(self.address)
        self.asked = False

    def listen(self, question: socket.socket, now: float) -> None:
        readable, writable, _ = select.select([question], [] if self.asked else [question], [], 0)
        try:
            if writable:
                question.sendall(QUESTION)
                self.asked = True
            if readable and question.recv(16):
                self.answered, self.alive_at, self.knock_at = True, now, now + EVERY
        except OSError:  # Nobody listens there yet, or any more.
            self.hang_up()
        else:
            if readable or now - self.knock_at > FROZEN_AFTER:
                self.hang_up()

    def hang_up(self) -> None:
        if self.question:
            self.question.close()
            self.question = None

    def give_up(self) -> None:
        """One that was stopped while starting gets twice the time, as a cluster does."""
        if not self.answered:
            self.starting = min(2 * self.starting, STARTING_AT_MOST)

    def close(self) -> None:
        self.hang_up()
