"""What the same chores cost a desk with a thousand publications, and one with a hundred thousand."""

import json
import subprocess
import sys
from contextlib import ExitStack
from statistics import median
from typing import Any

from tests.bench.desk import Desk
from tests.bench.figures import ROOT
from tests.bench.platform import platform
from tests.bench.processes import die_with_parent

FEW = 1000
WARM_UPS = 2
NAMES = (
    "approve",
    "claim",
    "sweep",
    "gates_page",
    "review_page",
    "queue_page",
    "published_list",
    "admin_list",
    "admin_drafts",
)


class Worker:
    """A process with a desk of its own that does one chore when told."""

    def __init__(self, desk: Desk, publications: int, times: int):
        code = f"from tests.bench.chores import serve; serve({publications}, {times})"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v0", "-c", code],
            cwd=ROOT,
            env=desk.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent,
        )

    def answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        return json.loads(line) if line else sys.exit("A desk of the bench has stopped.")

    def do(self, chore: str) -> dict[str, float]:
        assert self.process.stdin
        self.process.stdin.write(f"{chore}\n")
        self.process.stdin.flush()
        found: dict[str, float] = self.answer()
        return found

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


def measure(server: str, many: int, times: int) -> dict[str, Any]:
    """The two take turns, so that other work on this machine slows both."""
    with ExitStack() as stack:
        address = stack.enter_context(platform(0))
        workers = []
        for publications in (FEW, many):
            desk = stack.enter_context(Desk(server, address))
            workers.append(Worker(desk, publications, times + WARM_UPS))
            stack.callback(workers[-1].stop)
        for worker in workers:
            worker.answer()
        return {"publications": [FEW, many], "times": times, **{name: compare(workers, name, times) for name in NAMES}}


def compare(workers: list[Worker], chore: str, times: int) -> dict[str, Any]:
    runs = [[worker.do(chore) for worker in workers] for _ in range(times + WARM_UPS)][WARM_UPS:]
    few, many = (median(pair[side]["milliseconds"] for pair in runs) for side in (0, 1))
    queries = [max(int(pair[side]["queries"]) for pair in runs) for side in (0, 1)]
    return {"milliseconds": [round(few, 2), round(many, 2)], "queries": queries, "ratio": round(many / few, 2)}
