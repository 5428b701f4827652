import time
from typing import Any

from tests.bench.desk import Desk

PATIENCE = 120


def measure(desk: Desk, posts: int, per_second: float) -> dict[str, Any]:
    lead = 5 + posts * 0.05
    desk.run("approve", posts, per_second, lead)
    time.sleep(lead + posts / per_second)
    patience = time.monotonic() + PATIENCE
    while desk.run("unsettled") and time.monotonic() < patience:
        time.sleep(1)
    found = desk.run("outcome")
    late = found.pop("late")
    return {"posts": posts, "per_second": per_second, **found, "seconds_late": figures(late)}


def figures(late: list[float]) -> dict[str, float]:
    """Of sorted values, by the nearest rank."""
    if not late:
        return {}
    return {name: round(late[min(int(len(late) * share), len(late) - 1)], 3) for name, share in RANKS.items()}


RANKS = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
