import io
import json
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command


@dataclass
class Answer:
    code: int
    out: str
    error: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Stdin(io.TextIOWrapper):
    tty = False

    def isatty(self) -> bool:
        return self.tty


@pytest.fixture(autouse=True)
def hurried(monkeypatch, settings):
    """Taking down and proving it, without its waits."""
    settings.SOPHIA_REMOVE_AGAIN = [timedelta(minutes=1), timedelta(minutes=5)]
    for waits in ("BETWEEN_PROOFS", "LINGERING"):
        monkeypatch.setattr(f"publishing.models.removing.{waits}", (timedelta(),) * 4)
    monkeypatch.setattr("publishing.management.commands.recover.LOOK_EVERY", 0.01)


@pytest.fixture
def command(monkeypatch):
    """Runs a command in this process, with `stdin` piped in or typed, and tells how it would have left."""

    def run(name: str, *args: object, stdin: bytes = b"", tty: bool = False) -> Answer:
        out = io.StringIO()
        given = Stdin(io.BytesIO(stdin))
        given.tty = tty
        monkeypatch.setattr(sys, "stdin", given)
        try:
            call_command(name, *map(str, args), stdout=out)
        except CommandError as left:
            return Answer(left.returncode, out.getvalue(), str(left))
        return Answer(0, out.getvalue())

    return run
