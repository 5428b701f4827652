"""What goes wrong, by the dice of one seed."""

import random
import time
from collections import Counter

from tests.chaos.desk import Desk
from tests.chaos.processes import Platform, Postgres, kill

CALLS = [
    "POST */feed", "POST */photos", "POST *_*", "POST */media", "POST */media_publish", "GET *", "GET *_*", "DELETE *",
]  # fmt: skip
SILENT = ["refused", "reset", "hang"]
ODD = ["status_500", "status_503", "html_502", "empty_200", "no_id_200", "success_false"]
ERRORS = [
    {"code": 1, "http_status": 500},
    {"code": 2, "http_status": 503},
    {"code": 24, "subcode": 2207008},
    {"code": 9007, "subcode": 2207027},
    {"code": -1, "subcode": 2207001},
    {"code": 100},
    {"code": 4},
    {"code": 190, "subcode": 463},
]


class Storm:
    def __init__(self, seed: int, platform: Platform, desk: Desk, postgres: Postgres | None):
        self.dice, self.platform, self.desk, self.postgres = random.Random(seed), platform, desk, postgres
        self.faults: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()
        self.paused = False

    def blow(self, seconds: float) -> None:
        """Until the time is up."""
        end = time.monotonic() + seconds
        happenings = [self.fault, self.kill_one, self.kill_half, self.kill_group, self.pause_or_resume, self.reconnect]
        weights = [14, 3, 2, 2, 1, 1]
        if self.postgres:
            happenings.append(self.restart_database)
            weights.append(1)
        while time.monotonic() < end:
            self.dice.choices(happenings, weights)[0]()
            self.desk.tend()
            time.sleep(self.dice.uniform(0.1, 0.9))

    def fault(self) -> None:
        on, when = self.dice.choice(CALLS), self.dice.choice(["before", "after"])
        kind = self.dice.choice([*SILENT, *SILENT, *ODD, "error"])
        details = dict(self.dice.choice(ERRORS)) if kind == "error" else {}
        if kind == "hang":
            details = {"seconds": self.dice.choice([1, 9])}  # Shorter, and longer, than a lease.
        if details.get("code") in {4, 100} and when == "after":
            when = "before"  # A definite refusal of what was done would be a lie that nobody can see through.
        self.platform.tell("_faults", on=on, kind=kind, when=when, times=1, **details)
        self.faults[f"{kind} {details.get('code', '')}".strip()] += 1

    def kill_one(self) -> None:
        """A worker, busy or idle: an idle one takes the queue's lock with it."""
        if workers := self.dice.choice(self.desk.groups).workers():
            kill([self.dice.choice(workers)])
            self.kills["worker"] += 1

    def kill_half(self) -> None:
        workers = self.dice.choice(self.desk.groups).workers()
        kill(self.dice.sample(workers, len(workers) // 2))
        self.kills["half a group"] += 1

    def kill_group(self) -> None:
        self.dice.choice(self.desk.groups).kill()
        self.kills["group"] += 1

    def pause_or_resume(self) -> None:
        if self.paused:
            self.desk.run("resume")
        else:
            self.desk.run("pause", self.dice.randrange(3))
        self.paused = not self.paused

    def reconnect(self) -> None:
        self.desk.run("connect")

    def restart_database(self) -> None:
        assert self.postgres
        self.postgres.restart()
        self.kills["database"] += 1

    def calm(self) -> None:
        """Everything that was broken is whole again."""
        self.platform.forget("_faults")
        self.desk.tend()
        self.desk.run("resume")
        self.desk.run("connect")
