"""The dead man's switch: every minute somebody outside hears that the desk is well, and calls when they hear nothing.

Who hears is chosen by SOPHIA_PING_URL, in the way of healthchecks.io: the address itself when all is well, with /start
when `serve` begins, with /fail when the desk is ill. It is asked by the `serve` that has the web, and only after this
web has said over HTTP what it says to every monitor: workers and sweep are judged there, by the marks that they leave
in the database, on whatever machine they run. A web that does not answer, and a `serve` that is dead, are silence.
"""

import json
import logging
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

log = logging.getLogger(__name__)

EVERY = 60.0
PATIENCE = 10.0
"""Seconds for the web, and for the address."""
SURE_AFTER = 2
"""Looks in a row that find the desk ill: a restart of the workers is no illness."""
LONGEST = 10_000
"""Bytes that are read of what the web says."""
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """The answer is the redirect: what is asked for is what stands in the settings."""


class Lifesign:
    def __init__(self, url: str, host: str, port: int):
        self.url = url.rstrip("/")
        self.web = (EVERYWHERE.get(host, host), port)
        self.opener = build_opener(NoRedirects)
        self.ill = 0
        self.over = Event()

    def start(self) -> None:
        """In a thread of its own: an address that hangs keeps nobody but this one."""
        Thread(target=self.run, daemon=True, name="lifesign").start()

    def run(self) -> None:
        self.tell("/start")
        while not self.over.wait(EVERY):
            self.look()

    def look(self) -> None:
        """Once. Nothing is told when the web does not answer, nor when an illness may be over in a minute."""
        problems = self.ask_web()
        if problems is None:
            return
        self.ill = self.ill + 1 if problems else 0
        if not problems:
            self.tell()
        elif self.ill >= SURE_AFTER:
            self.tell("/fail", ", ".join(problems))

    def ask_web(self) -> list[str] | None:
        """Why the desk is ill, in words; none when it is well; None when the web does not say."""
        line = HTTPConnection(*self.web, timeout=PATIENCE)
        try:
            line.request("GET", "/healthz", headers=headers())
            answer = line.getresponse()
            told = json.loads(answer.read(LONGEST))
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            line.close()
        return known(answer.status, told)

    def tell(self, path: str = "", body: str = "") -> None:
        """The address is a secret, and stands in no log."""
        request = Request(self.url + path, data=body.encode() or None, headers={"User-Agent": "Sophia"})
        try:
            with self.opener.open(request, timeout=PATIENCE):
                pass
        except HTTPError as refused:
            refused.close()
            log.warning("The address of SOPHIA_PING_URL answered with %d.", refused.code)
        except (URLError, HTTPException, OSError) as problem:
            log.warning("The address of SOPHIA_PING_URL was not reached: %s.", type(problem).__name__)


def headers() -> dict[str, str]:
    """With a name that the desk answers for."""
    named = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"]
    return {"Host": named[0] if named else "localhost"}


def known(status: int, told: Any) -> list[str] | None:
    problems = told.get("problems") if isinstance(told, dict) else None
    if not isinstance(problems, list) or status not in {200, 503}:
        return None
    return [str(problem) for problem in problems]
