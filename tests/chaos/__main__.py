"""`bin/chaos`: see there."""

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos.cast import ACTORS, FIRE, SCOPES, token
from tests.chaos.desk import Desk
from tests.chaos.judge import UNDER_WAY, Evidence, Row, broken, verdict
from tests.chaos.person import Person
from tests.chaos.processes import PLATFORMS, Platform, Postgres
from tests.chaos.storm import Storm

CLOCK = 45
"""Seconds that the platform's clock is wrong."""
ROUND = 2
"""Seconds from one look of the person to the next."""
FIRE_AT, FIRE_AGAIN, OUTAGE_AT = 0.5, 0.05, 0.53
"""Parts of the time in which posts are due. The outage begins while everything of a client is coming down."""
LONGEST = 1.4
"""Of that time, the storm goes on for at most so much, for what is being taken down."""
RETURNS = 15
"""Seconds after which whatever comes back has come back."""


@dataclass(frozen=True)
class Play:
    """`seconds`: in which the posts are due. `settle`: the most to wait after the storm. `slower`: how much longer
    every wait is than on a machine that does nothing else."""

    posts: int
    seconds: float
    seed: int = 1
    groups: int = 2
    platform: str = "sandbox"
    database: str = ""
    settle: float = 300
    slower: float = 1


def say(sentence: str) -> None:
    print(f"chaos: {sentence}", file=sys.stderr, flush=True)


def run(play: Play) -> dict[str, Any]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sophia-chaos-")))
        platform = PLATFORMS[play.platform](folder, play.seed)
        stack.callback(platform.program.kill)
        postgres = Postgres(folder) if play.database == "postgres" else None
        if postgres:
            stack.callback(postgres.stop)
        address = postgres.url if postgres else play.database or f"sqlite:///{folder / 'desk.sqlite3'}"
        desk = Desk(folder, platform.url, address, play.groups, play.slower)
        stack.callback(desk.stop)
        set_up(platform)
        torment(platform, play.seed)
        say(f"approving {play.posts} posts")
        approved = desk.run("prepare", play.posts, play.seconds, play.seed, tries=1)
        storm = Storm(play.seed, platform, desk, postgres, approved, play.slower)
        person = Person(desk, platform, approved, Random(play.seed))
        return {**Stage(play, desk, platform, storm, person).perform(), "database": address.partition(":")[0]}


def set_up(platform: Platform) -> None:
    for actor in ACTORS:
        about = {"platform": actor.platform, "id": actor.external_id, "name": actor.external_id}
        platform.tell("_accounts", **about, token=token(actor.external_id), scopes=SCOPES)
        always = {"two_step": actor.way == "two_step", "quota_total": 10_000, "usage": 1}
        platform.turn(actor.external_id, **always)


def torment(platform: Platform, seed: int) -> None:
    """What is wrong with it all the time."""
    platform.turn(clock=CLOCK * Random(seed).choice([-1, 1]))
    for actor in ACTORS:
        platform.turn(actor.external_id, **actor.knobs)


class Stage:
    def __init__(self, play: Play, desk: Desk, platform: Platform, storm: Storm, person: Person):
        self.play, self.desk, self.platform, self.storm, self.person = play, desk, platform, storm, person
        self.began, self.looked = time.monotonic(), 0.0
        self.since = datetime.now(UTC)
        self.to_come = [(FIRE_AT, self.fire), (OUTAGE_AT, storm.outage)]
        self.on_fire = 0

    @property
    def past(self) -> float:
        return time.monotonic() - self.began

    def perform(self) -> dict[str, Any]:
        self.desk.start()
        say("the storm blows")
        self.storm.blow(self.play.seconds + 5, self.meanwhile)
        while (self.to_come or self.person.waits_for_take_downs) and self.past < LONGEST * self.play.seconds:
            self.storm.blow(5, self.meanwhile)
        say("calm again: waiting for everything to settle")
        blown = round(self.past, 1)
        self.storm.calm()
        found = self.settle()
        self.explain(found["details"])
        return {**found, **self.told(), "storm": blown, "seconds": round(self.past, 1)}

    def meanwhile(self) -> None:
        for part, happening in list(self.to_come):
            if self.past > part * self.play.seconds:
                self.to_come.remove((part, happening))
                happening()
        if time.monotonic() - self.looked > ROUND:
            self.person.work()
            self.looked = time.monotonic()

    def fire(self) -> None:
        """Everything of one client comes down, in the middle of it all, or as soon as something of it is out."""
        self.on_fire = self.desk.run("emergency", FIRE, (self.since - timedelta(minutes=1)).isoformat())
        if not self.on_fire:
            self.to_come.append((self.past / self.play.seconds + FIRE_AGAIN, self.fire))

    def settle(self) -> dict[str, Any]:
        """Until nothing is under way and every figure is 0, or patience is at its end."""
        patience, earliest = time.monotonic() + self.play.settle, time.monotonic() + RETURNS * self.play.slower
        while True:
            self.desk.tend()
            self.person.work(calm=True)
            self.person.tidy()
            self.person.look()
            found = verdict(self.evidence())
            under_way = any(row["state"] in UNDER_WAY for row in self.person.rows.values())
            done = not under_way and not broken(found) and time.monotonic() > earliest
            if done or time.monotonic() > patience:
                return found
            time.sleep(1)

    def evidence(self) -> Evidence:
        """`kills` by the platform's clock."""
        ahead = timedelta(seconds=CLOCK * Random(self.play.seed).choice([-1, 1]))
        person = self.person
        return Evidence(
            list(person.approved.values()),
            person.rows,
            person.truth,
            self.storm.foreign,
            person.filed,
            list(person.lies.values()),
            self.desk.run("known_ids"),
            [moment + ahead for moment in self.storm.killed_at],
            self.play.slower,
        )

    def explain(self, details: dict[str, list[Row]]) -> None:
        for cases in details.values():
            for case in cases:
                if publication := case.get("publication"):
                    case["story"] = self.desk.run("story", publication)

    def told(self) -> dict[str, Any]:
        return {
            "foreign": len(self.storm.foreign),
            "taken_down": len(self.person.filed),
            "emergency": self.on_fire,
            "person": dict(self.person.asked),
            "refused": dict(self.person.refusals),
            "findings": self.desk.run("findings"),
            "faults": dict(self.storm.faults),
            "kills": dict(self.storm.kills),
            "lies": dict(self.storm.lies),
            "seed": self.play.seed,
            "slower": self.play.slower,
            "groups": self.play.groups,
            "platform": self.play.platform,
        }


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/chaos")
    parser.add_argument("--posts", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=0, help="In which they are due. Left out: by their number.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--groups", type=int, default=2)
    parser.add_argument("--platform", choices=sorted(PLATFORMS), default="sandbox")
    parser.add_argument("--settle", type=float, default=240, help="Most seconds to wait after the storm.")
    parser.add_argument("--slower", type=float, default=1, help="By how much, on a machine that is busy with more.")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--database", default="", help="An empty database. Left out: SQLite in a folder of its own.")
    where.add_argument("--postgres", action="store_true", help="A PostgreSQL of its own, which is restarted as well.")
    given = vars(parser.parse_args())
    if given.pop("postgres"):
        given["database"] = "postgres"
    given["seconds"] = (given["seconds"] or max(60, 0.5 * given["posts"])) * given["slower"]
    given["settle"] *= given["slower"]
    found = run(Play(**given))
    print(json.dumps(found, indent=2, default=str))
    if broken(found):
        sys.exit(1)


if __name__ == "__main__":
    main()
