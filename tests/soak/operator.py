"""Somebody at the desk all week: pages, open tabs, and now and then a post that comes down again."""

import time
from collections import Counter
from contextlib import suppress
from itertools import cycle
from threading import Thread
from typing import Any

import requests

from tests.chaos.desk import Desk

PAGES = [
    "/",
    "/review/",
    "/queue/",
    "/calendar/",
    "/notices/",
    "/health/",
    "/search/?q=Chaos",
    "/queue/missed/",
    "/admin/",
]
TABS = 5
PAUSE_SECONDS = 2
TAKE_DOWN_EVERY = 12  # steps


class Operator:
    def __init__(self, desk: Desk):
        self.desk, self.url = desk, f"http://127.0.0.1:{desk.port}"
        self.pages, self.steps, self.gone = cycle(PAGES), 0, False
        self.answers: Counter[int] = Counter()
        self.down: Counter[str] = Counter()
        self.events = 0
        self.session = requests.Session()
        self.session.cookies.set("sessionid", desk.run("sign_in"))

    def __enter__(self) -> "Operator":
        self.tabs = [Thread(target=self.listen, daemon=True) for _ in range(TABS)]
        for tab in self.tabs:
            tab.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.gone = True

    def listen(self) -> None:
        """A tab: the stream ends now and then, and is opened again as a browser does."""
        while not self.gone:
            with suppress(requests.RequestException):
                with self.session.get(f"{self.url}/events/", stream=True, timeout=60) as stream:
                    for line in stream.iter_lines():
                        self.events += line.startswith(b"event: message")
            time.sleep(1)

    def work(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.answers[self.session.get(self.url + next(self.pages), timeout=60).status_code] += 1
            time.sleep(PAUSE_SECONDS)
        self.steps += 1
        if self.steps % TAKE_DOWN_EVERY == 0:
            self.down[self.desk.run("take_one_down")] += 1

    def told(self) -> dict[str, Any]:
        return {"pages": dict(self.answers), "events": self.events, "take_downs": dict(self.down)}
