"""`bin/soak`: see there."""

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos.__main__ import set_up
from tests.chaos.desk import Desk
from tests.chaos.judge import RULES, Evidence, Row, verdict
from tests.chaos.person import Person
from tests.chaos.processes import Platform, Postgres, Sandbox, until
from tests.soak.operator import Operator
from tests.soak.watch import Sample, sample

WEEK_SECONDS = 7 * 24 * 3600
STEP_SECONDS = 10


def say(sentence: str) -> None:
    print(f"soak: {sentence}", file=sys.stderr, flush=True)


def waits(speed: float) -> dict[str, str]:
    """The waits of a desk in earnest, as much shorter as the week is."""
    hours = {"SOPHIA_WATCH_AFTER": (1 / 12, 1, 24, 168), "SOPHIA_STALE_AFTER": (4, 24), "SOPHIA_LOOK_AFTER": (1, 5, 15)}
    return {name: ",".join(f"{max(1, round(hour * 3600 / speed))}s" for hour in all_) for name, all_ in hours.items()}


def run(minutes: float, posts: int, in_postgres: bool) -> dict[str, Any]:
    seconds = minutes * 60
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sophia-soak-")))
        platform = Sandbox(folder)
        stack.callback(platform.program.kill)
        postgres = Postgres(folder) if in_postgres else None
        if postgres:
            stack.callback(postgres.stop)
        desk = Desk(
            folder, platform.url, postgres.url if postgres else f"sqlite:///{folder / 'desk.sqlite3'}", groups=1
        )
        desk.environment |= waits(WEEK_SECONDS / seconds) | {"SOPHIA_LEASE": "90s", "SOPHIA_FROZEN_AFTER": "75s"}
        stack.callback(desk.stop)
        set_up(platform)
        say(f"approving {posts} posts for {minutes:g} minutes")
        approved = desk.run("prepare", posts, seconds, 1, tries=1)
        desk.start()
        operator = stack.enter_context(Operator(desk))
        samples = live(platform, desk, operator, seconds)
        person = settled(desk, platform, approved)
        return {
            **judged(person),
            "person": dict(person.asked),
            **operator.told(),
            "minutes": minutes,
            **growth(samples),
        }


def settled(desk: Desk, platform: Platform, approved: list[Row]) -> Person:
    """Until nothing is under way, with somebody who answers what the desk asks. They want nothing else down."""
    person = Person(desk, platform, approved, Random(1))
    person.to_take_down, person.to_cancel = set(), set()
    until(lambda: person.work(calm=True) or not (person.is_busy or person.waits_for_take_downs), "the last post", 420)
    person.look()
    return person


def judged(person: Person) -> dict[str, Any]:
    found = verdict(
        Evidence(list(person.approved.values()), person.rows, person.truth, lies=list(person.lies.values()))
    )
    down = sum(row["state"] == "recovered" for row in person.rows.values())
    return {"taken_down": down, **{name: found[name] for name in ("posts", "published_once", *RULES, "ends")}}


def live(platform: Platform, desk: Desk, operator: Operator, seconds: float) -> list[Sample]:
    """The sandbox's clock runs through a week meanwhile."""
    samples: list[Sample] = []
    began = time.monotonic()
    while (past := time.monotonic() - began) < seconds:
        platform.tell("_knobs", clock=round(past / seconds * (WEEK_SECONDS - seconds)))
        operator.work(STEP_SECONDS)
        samples.append(sample(desk))
        if len(samples) % 6 == 0:
            say(f"{past / 60:.0f} min: {samples[-1]}")
    return samples


def growth(samples: list[Sample]) -> dict[str, Any]:
    """The median of the second and of the last quarter: in the first one, everything is still being loaded."""
    quarter = len(samples) // 4
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    return {
        name: {"second quarter": middle(early, name), "last quarter": middle(late, name)} for name in Sample._fields
    }


def middle(samples: list[Sample], name: str) -> float:
    return round(statistics.median(getattr(each, name) for each in samples), 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/soak")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--posts", type=int, default=700)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    print(json.dumps(run(given.minutes, given.posts, given.postgres), indent=2))


if __name__ == "__main__":
    main()
