"""`bin/chaos`: see there."""

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.chaos.cast import ACCOUNTS, token
from tests.chaos.desk import Desk
from tests.chaos.judge import PUBLIC, verdict
from tests.chaos.processes import Platform, Postgres
from tests.chaos.storm import Storm

SCOPES = [
    "pages_manage_posts", "pages_read_engagement", "pages_show_list", "instagram_basic", "instagram_content_publish",
    "instagram_manage_contents",
]  # fmt: skip
UNDER_WAY = {"queued", "publishing", "unconfirmed"}


def say(sentence: str) -> None:
    print(f"chaos: {sentence}", file=sys.stderr, flush=True)


def run(posts: int, seconds: float, seed: int, groups: int, database: str, settle_within: float) -> dict[str, Any]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sophia-chaos-")))
        platform = Platform(folder)
        stack.callback(platform.program.kill)
        postgres = Postgres(folder) if database == "postgres" else None
        if postgres:
            stack.callback(postgres.stop)
        address = postgres.url if postgres else database or f"sqlite:///{folder / 'desk.sqlite3'}"
        desk = Desk(folder, platform.url, address, groups)
        stack.callback(desk.stop)
        set_up(platform)
        say(f"approving {posts} posts")
        approved = desk.run("prepare", posts, seconds, seed, tries=1)
        storm = Storm(seed, platform, desk, postgres)
        began = time.monotonic()
        desk.start()
        say("the storm blows")
        storm.blow(seconds + 5)
        say("calm again: waiting for everything to settle")
        storm.calm()
        desk.run("hurry")
        asked = settle(desk, platform, approved, settle_within)
        states = {row["id"]: row for row in desk.run("states")}
        found = verdict(approved, states, platform)
        return {
            **found,
            "asked_a_person": asked,
            "findings": desk.run("findings"),
            "faults": dict(storm.faults),
            "kills": dict(storm.kills),
            "seconds": round(time.monotonic() - began, 1),
            "seed": seed,
            "database": "postgres" if address.startswith("postgres") else "sqlite",
            "groups": groups,
        }


def set_up(platform: Platform) -> None:
    for name, external_id, way in ACCOUNTS:
        rights = {"token": token(external_id), "scopes": SCOPES}
        platform.tell("_accounts", platform=name, id=external_id, name=external_id, **rights)
        platform.tell("_knobs", account=external_id, two_step=way == "two_step", quota_total=10_000, usage=1)


def settle(desk: Desk, platform: Platform, approved: list[dict[str, Any]], seconds: float) -> dict[str, int]:
    """Waits until nothing is under way. Plays the person who is asked, by looking at the wall. Returns how often a
    person was asked, by way of publishing."""
    patience, ways = time.monotonic() + seconds, {post["id"]: post for post in approved}
    asked = {"two_step": 0, "direct": 0}
    while time.monotonic() < patience:
        desk.tend()
        rows = desk.run("states")
        if not any(row["state"] in UNDER_WAY for row in rows):
            break
        for row in rows:
            if row["state"] == "unconfirmed" and row["asks"]:
                post = ways[row["id"]]
                asked[post["way"]] += 1
                walls = {(str(account), str(text)) for account, text, _ in platform.rows(PUBLIC)}
                desk.run("settle", row["id"], (post["account"], post["text"]) in walls)
        time.sleep(1)
    return asked


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/chaos")
    parser.add_argument("--posts", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--groups", type=int, default=2)
    parser.add_argument("--settle", type=float, default=300, help="Most seconds to wait after the storm.")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--database", default="", help="An empty database. Left out: SQLite in a folder of its own.")
    where.add_argument("--postgres", action="store_true", help="A PostgreSQL of its own, which is restarted as well.")
    given = parser.parse_args()
    database = "postgres" if given.postgres else given.database
    found = run(given.posts, given.seconds, given.seed, given.groups, database, given.settle)
    print(json.dumps(found, indent=2))
    broken = found["duplicates"] or found["lost"] or found["unapproved"] or found["mistaken"]
    sys.exit(1 if broken or found["asked_a_person"]["two_step"] else 0)


if __name__ == "__main__":
    main()
