"""What `serve` uses with nothing to do."""

import time
from typing import Any

from tests.bench.desk import Desk
from tests.bench.processes import cpu_seconds, family, named, pss_megabytes

SETTLING = 15


def measure(server: str, seconds: float, workers: int) -> dict[str, Any]:
    """Processor time in percent of one core. The sweep's minute may or may not fall into the time."""
    with Desk(server, "http://127.0.0.1:9") as desk:
        desk.start(workers)
        time.sleep(SETTLING)
        assert desk.process
        members = {"all": desk.process.pid, "web": named(desk.process.pid, "uvicorn")}
        before = {name: cpu_seconds(pid) for name, pid in members.items()}
        time.sleep(seconds)
        used = {name: cpu_seconds(pid) - before[name] for name, pid in members.items()}
        return {
            "seconds": seconds,
            "processes": len(family(desk.process.pid)),
            "cpu_percent": {name: round(100 * spent / seconds, 2) for name, spent in used.items()},
            "pss_megabytes": {name: round(pss_megabytes(pid), 1) for name, pid in members.items()},
        }
