"""How long after its time a post is public."""

import time
from typing import Any

from tests.bench.desk import Desk
from tests.bench.drain import PER_ACCOUNT, once
from tests.bench.figures import ranks
from tests.bench.platform import platform, seen, until_public

PATIENCE = 120


def measure(server: str, posts: int, workers: int) -> dict[str, Any]:
    return {
        "at_1_per_second": leg(server, posts, 1, workers),
        "at_20_per_second": leg(server, posts * 20, 20, workers),
    }


def leg(server: str, posts: int, rate: float, workers: int, delay: int = 0, per_account: int = PER_ACCOUNT) -> Any:
    """`rate` 0: all in the same second."""
    with platform(delay) as address, Desk(server, address) as desk:
        desk.start(workers)
        lead = 10 + posts * 0.1 + delay / 1000 * posts
        due = dict(desk.run("approve", posts, per_account, rate, lead))
        wait = max(due.values()) - time.time()
        until_public(address, posts, patience=wait + PATIENCE)
        found = seen(address)
        late = [times[0] - due[text] for text, *times in found["public"]]
        return {"posts": posts, **once(found, posts), "states": desk.run("states"), "seconds_late": ranks(late)}
