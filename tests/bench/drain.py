"""Posts that are all due: how many a second go out, against a bare loop that makes the same calls."""

import time
from typing import Any

from tests.bench.counting import totals
from tests.bench.desk import Desk
from tests.bench.figures import per_second
from tests.bench.platform import bare_loop, platform, seen, until_public
from tests.bench.processes import cpu_seconds, named

PER_ACCOUNT = 20
"""So that no account comes near its calls an hour."""


def measure(server: str, posts: int, slow_posts: int, workers: int) -> dict[str, Any]:
    legs = {"at_once": (posts, 0), "in_100_ms": (slow_posts, 100)}
    return {name: leg(server, number, delay, workers) for name, (number, delay) in legs.items()}


def leg(server: str, posts: int, delay: int, workers: int) -> dict[str, Any]:
    """The alarms are set while no worker runs, as after an outage, and the clock runs from the first post that is
    public to the last."""
    with platform(delay) as address, Desk(server, address) as desk:
        desk.run("approve", posts, PER_ACCOUNT, 0, 1)
        desk.start(workers)
        warm = len(until_public(address, 1, patience=60))
        cpu, statements = working(desk), totals(desk.counts)
        public = until_public(address, posts, patience=60 + posts)
        time.sleep(1)  # The last one is written down.
        cpu, statements = working(desk) - cpu, totals(desk.counts) - statements
        found = {"states": desk.run("states"), **once(seen(address), posts)}
        processes = workers or desk.run("workers")
    with platform(delay) as address:
        bare_loop(address, posts, processes)
        bare = per_second(until_public(address, posts, patience=1))
    rate = per_second(public)
    measured = posts - warm
    by_role = {role: round(number / measured, 1) for role, number in statements.items() if role in ROLES}
    return {
        "posts": posts,
        "processes": processes,
        **found,
        "posts_per_second": rate,
        "bare_loop_per_second": bare,
        "ratio": round(rate / bare, 3) if bare else None,
        "cpu_milliseconds_per_post": round(cpu * 1000 / measured, 1),
        "statements_per_post": {"all": round(sum(by_role.values()), 1), **by_role},
    }


def working(desk: Desk) -> float:
    """Processor seconds of everything but the web."""
    assert desk.process
    return cpu_seconds(desk.process.pid) - cpu_seconds(named(desk.process.pid, "uvicorn"))


ROLES = {"worker", "pusher", "monitor"}


def once(found: dict[str, Any], posts: int) -> dict[str, Any]:
    """Whether each post went out, and once. `calls` with those that connected the accounts."""
    texts = [text for text, *_ in found["public"]]
    twice = len(texts) - len(set(texts)) + sum(len(times) > 1 for _, *times in found["public"])
    return {"public": len(set(texts)), "twice": twice, "calls_per_post": round(found["calls"] / posts, 2)}
