"""What goes wrong, by the dice of one seed."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from tests.chaos.cast import ACTORS, Actor
from tests.chaos.desk import LADDERS, Desk
from tests.chaos.judge import Row
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
LIE_SECONDS = (3, 7)
NEAR = 20
"""Seconds around the time of a post, in which somebody else posts the same."""


class Storm:
    def __init__(
        self,
        seed: int,
        platform: Platform,
        desk: Desk,
        postgres: Postgres | None = None,
        approved: list[Row] | None = None,
        slower: float = 1,
    ):
        self.dice, self.platform, self.desk, self.postgres = random.Random(seed), platform, desk, postgres
        self.approved, self.slower = approved or [], slower
        self.faults: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()
        self.lies: Counter[str] = Counter()
        self.killed_at: list[datetime] = []
        self.foreign: dict[str, Row] = {}
        self.ends: list[tuple[float, Callable[[], None]]] = []
        self.paused = False

    def blow(self, seconds: float, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Until the time is up."""
        end = time.monotonic() + seconds
        happenings = [
            self.fault, self.kill_one, self.kill_half, self.kill_group, self.pause_or_resume, self.reconnect,
            self.strange_post, self.hide, self.restrict, self.block,
        ]  # fmt: skip
        weights = [14, 3, 2, 2, 1, 1, 4, 2, 0.5, 0.5]
        if self.postgres:
            happenings.append(self.restart_database)
            weights.append(1)
        while time.monotonic() < end:
            self.dice.choices(happenings, weights)[0]()
            self.end_what_is_over()
            self.desk.tend()
            meanwhile()
            time.sleep(self.dice.uniform(0.1, 0.9) * self.slower)

    def fault(self) -> None:
        on, when = self.dice.choice(CALLS), self.dice.choice(["before", "after"])
        kind = self.dice.choice([*SILENT, *SILENT, *ODD, "error"])
        details = dict(self.dice.choice(ERRORS)) if kind == "error" else {}
        if kind == "hang":
            details = {"seconds": self.dice.choice([1, 9 * self.slower])}  # Shorter, and longer, than a lease.
        if details.get("code") in {4, 100} and when == "after":
            when = "before"  # A definite refusal of what was done would be a lie that nobody can see through.
        self.platform.tell("_faults", on=on, kind=kind, when=when, times=1, **details)
        self.faults[f"{kind} {details.get('code', '')}".strip()] += 1

    def outage(self) -> None:
        """Longer than every ladder of waits."""
        self.platform.tell("_faults", on="* *", kind="refused", when="before", times=None)
        self.lies["outage"] += 1
        self.later(LADDERS * self.slower, lambda: self.platform.forget("_faults"))

    def strange_post(self) -> None:
        """Somebody at the client posts by phone: without words, or with those of a post that is due about now."""
        post = self.due_about_now()
        if post is None:
            return
        text = self.dice.choice([post["text"], post["text"], ""])
        images = self.dice.choice([post["images"], post["images"], 1])
        if not text and not images:
            images = 1
        offset = self.dice.choice([-60, -5, 0])
        made = self.platform.tell("_foreign", account=post["account"], text=text, images=images, offset_seconds=offset)
        self.foreign[str(made["id"])] = {"account": post["account"], "text": text, "images": images, "like": post["id"]}

    def due_about_now(self) -> Row | None:
        now = datetime.now(UTC)
        near = [
            post for post in self.approved
            if abs((datetime.fromisoformat(post["at"]) - now).total_seconds()) < NEAR
        ]  # fmt: skip
        return self.dice.choice(near) if near else None

    def hide(self) -> None:
        self.lie(self.dice.choice(ACTORS), "hides_posts", True, False)

    def restrict(self) -> None:
        profile = self.dice.choice([actor for actor in ACTORS if actor.platform == "instagram"])
        self.lie(profile, "publish_then_restrict", self.dice.choice(["with", "without"]), "")

    def block(self) -> None:
        self.lie(self.dice.choice(ACTORS), "throttle_posting", True, False)

    def lie(self, actor: Actor, name: str, on: object, off: object) -> None:
        """For a few seconds."""
        self.platform.turn(actor.external_id, **{name: on})
        self.lies[name] += 1
        self.later(
            self.dice.uniform(*LIE_SECONDS) * self.slower, lambda: self.platform.turn(actor.external_id, **{name: off})
        )

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        self.ends.append((time.monotonic() + seconds, what))

    def end_what_is_over(self, at_once: bool = False) -> None:
        now = time.monotonic()
        over = [end for end in self.ends if at_once or end[0] <= now]
        for end in over:
            self.ends.remove(end)
            end[1]()

    def kill_one(self) -> None:
        """A worker, busy or idle: an idle one takes the queue's lock with it."""
        if workers := self.dice.choice(self.desk.groups).workers():
            kill([self.dice.choice(workers)])
            self.note_kill("worker")

    def kill_half(self) -> None:
        workers = self.dice.choice(self.desk.groups).workers()
        kill(self.dice.sample(workers, len(workers) // 2))
        self.note_kill("half a group")

    def kill_group(self) -> None:
        self.dice.choice(self.desk.groups).kill()
        self.note_kill("group")

    def note_kill(self, what: str) -> None:
        self.kills[what] += 1
        self.killed_at.append(datetime.now(UTC))

    def pause_or_resume(self) -> None:
        if self.paused:
            self.desk.run("resume")
        else:
            self.desk.run("pause", self.dice.randrange(3))
        self.paused = not self.paused

    def reconnect(self) -> None:
        self.desk.run("tomorrow")
        self.desk.run("connect")

    def restart_database(self) -> None:
        assert self.postgres
        self.note_kill("database")
        self.postgres.restart()

    def calm(self) -> None:
        """Everything that was broken is whole again."""
        self.end_what_is_over(at_once=True)
        self.platform.forget("_faults")
        self.desk.tend()
        self.desk.run("resume")
        self.desk.run("tomorrow")
        self.desk.run("connect")
