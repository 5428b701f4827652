"""What goes wrong on the way, before a request does anything or after it did everything (platforms.md H4)."""

import socket
import struct
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from itertools import count
from typing import Any

from tests.standin.refusals import Refusal

KINDS = (
    "refused", "reset", "hang", "status_500", "status_503", "html_502", "empty_200", "no_id_200", "success_false",
    "error",
)  # fmt: skip
SILENT = {"refused", "reset", "hang"}
HALF = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{"id":"10'
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>502</body></html>"
BODIES = {"empty_200": b"", "no_id_200": b'{"unexpected": true}', "success_false": b'{"success": false}'}
numbers = count(1)


@dataclass
class Fault:
    id: int
    on: str
    kind: str
    when: str = "before"
    times: int | None = 1
    code: int = 1
    subcode: int | None = None
    http_status: int | None = None
    is_transient: bool = False
    message: str = ""
    seconds: float = 30
    used: int = 0

    def matches(self, method: str, path: str) -> bool:
        verb, _, pattern = self.on.partition(" ")
        return fnmatchcase(method, verb.upper()) and fnmatchcase(path, pattern.strip().lstrip("/"))

    @property
    def left(self) -> int | None:
        return None if self.times is None else self.times - self.used

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "left": self.left}

    @property
    def refusal(self) -> Refusal | None:
        """None for a fault that is no answer of the Graph API."""
        if self.kind == "status_500":
            return Refusal(1, "An unknown error occurred", status=500)
        if self.kind == "status_503":
            return Refusal(2, "Service temporarily unavailable", status=503)
        if self.kind != "error":
            return None
        said = self.message or f"(#{self.code}) Refused by a fault."
        return Refusal(self.code, said, self.subcode, status=self.http_status, transient=self.is_transient)


class Faults:
    def __init__(self) -> None:
        self.all: list[Fault] = []

    def arm(self, on: str, kind: str, **details: Any) -> None:
        """`on`: a method and a path without version, each with wildcards: "POST */feed", "* me"."""
        if kind not in KINDS:
            raise ValueError(f"There is no fault “{kind}”. There are: {', '.join(KINDS)}.")
        if details.get("when", "before") not in {"before", "after"}:
            raise ValueError("A fault is before or after.")
        self.all.append(Fault(next(numbers), on.strip(), kind, **details))

    def take(self, method: str, path: str, when: str) -> Fault | None:
        """The first that matches, with one of its times used up."""
        for fault in self.all:
            if fault.when == when and fault.left != 0 and fault.matches(method, path):
                fault.used += 1
                return fault
        return None


def drop(fault: Fault, connection: socket.socket) -> None:
    """The connection is really lost."""
    if fault.kind == "hang":
        connection.settimeout(fault.seconds)
        with suppress(OSError):
            connection.recv(1)  # Ends early when the client hangs up.
    with suppress(OSError):
        if fault.kind == "reset":
            connection.sendall(HALF)
            time.sleep(0.05)  # Let the client read them before the reset overtakes them.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        connection.shutdown(socket.SHUT_RDWR)
