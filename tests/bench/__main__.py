"""Figures, never assertions: machines differ and are shared. Each run starts a Sophia of its own, with a stand-in for
the platform in a process of its own, and leaves nothing behind. Compare ratios of one run, not runs."""

import argparse
import json
import os
import platform
import signal
import sys
from datetime import UTC, datetime
from typing import Any

from tests.bench import budget, burst, drain, growth, idle, lateness, live, pages

SCENARIOS = {
    "burst": lambda o: burst.measure(o.database, o.posts or 100, o.workers),
    "lateness": lambda o: lateness.measure(o.database, o.posts or 30, o.workers),
    "drain": lambda o: drain.measure(o.database, o.posts or 2000, o.slow_posts or (o.posts or 2000) // 10, o.workers),
    "growth": lambda o: growth.measure(o.database, o.posts or 100_000, o.times),
    "pages": lambda o: pages.measure(o.database, o.posts or 10_000, o.in_review, o.times),
    "requests": lambda o: budget.measure(o.database, o.only),
    "live": lambda o: live.measure(o.database, o.redis, o.workers),
    "idle": lambda o: idle.measure(o.database, o.seconds, o.workers),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("what", choices=SCENARIOS, help="docs/performance.md explains each")
    parser.add_argument("--database", default="", help="postgres://…: a fresh database on that server; else SQLite")
    parser.add_argument("--workers", type=int, default=0, help="that publish; else as many as serve starts by itself")
    parser.add_argument("--posts", type=int, default=0, help="how many, where it is not what the scenario is about")
    parser.add_argument("--slow-posts", type=int, default=0, help="drain: how many against the slow platform")
    parser.add_argument("--redis", default="", help="live: redis://…, measured as well")
    parser.add_argument("--seconds", type=float, default=30, help="idle: how long")
    parser.add_argument("--times", type=int, default=15, help="growth, pages: each so often, and the median")
    parser.add_argument("--in-review", type=int, default=0, help="pages: how many drafts wait; else five in a hundred")
    parser.add_argument("--only", default="", help="requests: those whose name holds this word")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # So that `timeout` cleans up too.
    before = os.getloadavg()
    figures = SCENARIOS[options.what](options)
    print(json.dumps({"what": options.what, **circumstances(options, before), **figures}, indent=2))
    sys.exit(1 if figures.get("over_budget") else 0)


def circumstances(options: argparse.Namespace, before: tuple[float, float, float]) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": options.database.partition(":")[0] or "sqlite",
        "workers": options.workers or "default",
        "cores": os.cpu_count(),
        "load_before": [round(load, 2) for load in before],
        "load_after": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
    }


main()
