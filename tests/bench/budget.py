"""What each request costs the web, of everybody but a superuser: at most a second of the processor, and 50 MB."""

import json
import sys
from typing import Any

from tests.bench.desk import Desk

NOBODY = "http://127.0.0.1:9/never"
SECONDS, MEGABYTES = 1.0, 50.0
TOLD = 40
HEAD = ("seconds", "MB", "queries", "status", "who")


def measure(server: str, only: str) -> dict[str, Any]:
    """Worst first, each for whoever paid most. The table goes to stderr."""
    code = f"import json; from tests.bench import asking; print(json.dumps(asking.ask_everything({only!r})))"
    with Desk(server, NOBODY) as desk:
        desk.manage("shell", "-v0", "-c", "from tests.bench import asking; asking.grow()")
        found = json.loads(desk.manage("shell", "-v0", "-c", code).splitlines()[-1])
    routes = dict(sorted(found["routes"].items(), key=lambda route: -share(route[1])))
    for name, cost in [*routes.items()][:TOLD]:
        print("".join(f"{cost[column]!s:>10}" for column in HEAD), f" {name}", file=sys.stderr)
    over = [name for name, cost in routes.items() if share(cost) > 1]
    return {"desk": found["desk"], "budget": [SECONDS, MEGABYTES], "over_budget": over, "routes": routes}


def share(cost: dict[str, Any]) -> float:
    """Of the budget, whichever is nearer to its end."""
    return max(float(cost["seconds"]) / SECONDS, float(cost["MB"]) / MEGABYTES)
