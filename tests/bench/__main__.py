"""Figures, never assertions: machines differ and are shared. Each run starts a Sophia of its own on loopback."""

import argparse
import json
import platform

from tests.bench import lateness
from tests.bench.desk import Desk


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("what", choices=["lateness"], help="lateness: how long after publish_at a post is public")
    parser.add_argument("--posts", type=int, default=30)
    parser.add_argument("--per-second", type=float, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", default="", help="postgres://…; SQLite in a temporary folder without it")
    options = parser.parse_args()
    with Desk(options.database, options.workers) as desk:
        figures = lateness.measure(desk, options.posts, options.per_second)
    machine = {"python": platform.python_version(), "database": options.database.split(":")[0] or "sqlite"}
    print(json.dumps({"what": options.what, "workers": options.workers, **machine, **figures}, indent=2))


main()
