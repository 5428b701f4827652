"""A desk with one web and several groups of workers, each of which may be killed."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.chaos.processes import PATIENCE, ROOT, Program, die_with_parent, free_port, until

SHORT = {
    "SOPHIA_LEASE": "6s",
    "SOPHIA_FROZEN_AFTER": "20s",
    "SOPHIA_RETRY_BACKOFF": "1s,2s,2s,3s,3s",
    "SOPHIA_RECONCILE_AFTER": "1s,2s,4s,8s",
    "SOPHIA_REMOVE_AGAIN": "1s,1s,2s,3s",
    "SOPHIA_REMOVE_SLOWLY": "3s,5s",
    "SOPHIA_LOOK_AFTER": "2s,5s,10s,15s",
    "SOPHIA_LOOK_AFTER_GONE": "4s,10s,25s",
    "SOPHIA_IDENTIFY_AFTER": "1s,3s,8s,15s,30s",
    "SOPHIA_PREPARE_AHEAD": "10s",
    "SOPHIA_FACEBOOK_CALLS_PER_HOUR": "1000000",
    "SOPHIA_INSTAGRAM_POSTS_PER_DAY": "1000000",
    "SOPHIA_WORKERS": "3",
}
LADDERS = 20
"""Seconds after which each of these has come to its end."""
TIMES = re.compile(r"(\d+)s")


def slowed(setting: str, slower: float) -> str:
    """`1s,2s` by 3 is `3s,6s`."""
    return TIMES.sub(lambda found: f"{round(int(found[1]) * slower)}s", setting)


class Desk:
    def __init__(self, folder: Path, graph: str, database: str, groups: int, slower: float = 1):
        self.folder, self.port = folder, free_port()
        short = {name: slowed(setting, slower) for name, setting in SHORT.items()}
        self.environment = os.environ | short | {
            "DJANGO_SETTINGS_MODULE": "sophia.settings",
            "DATABASE_URL": database,
            "REDIS_URL": "",
            "DEBUG": "1",
            "SOPHIA_SANDBOX": "0",
            "SOPHIA_GRAPH_URL": graph,
            "SOPHIA_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "SOPHIA_MEDIA": str(folder / "media"),
        }  # fmt: skip
        self.groups: list[Program] = []
        self.wanted = groups
        self.manage("migrate", "-v0")
        self.clerk = Clerk(self)

    def start(self) -> None:
        web = ["manage.py", "serve", "--web-only", "--port", str(self.port)]
        self.web = Program(web, self.environment, self.folder / "web.log")
        until(lambda: "ready" in (self.folder / "web.log").read_text(), "the web")
        for number in range(self.wanted):
            log = self.folder / f"group-{number}.log"
            self.groups.append(Program(["manage.py", "serve", "--workers-only"], self.environment, log))
        self.rhythm = Program(
            ["manage.py", "shell", "-v0", "-c", "from tests.chaos import inside; inside.rhythm()"],
            self.environment,
            self.folder / "rhythm.log",
        )

    def tend(self) -> None:
        """What was killed as a whole is started again, as systemd would."""
        for program in [*self.groups, self.rhythm, self.web]:
            if program.process.poll() is not None:
                program.start()

    def stop(self) -> None:
        self.clerk.dismiss()
        for program in [*self.groups, *(getattr(self, name) for name in ("rhythm", "web") if hasattr(self, name))]:
            program.kill()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def run(self, function: str, *arguments: Any, tries: int = 5) -> Any:
        """Call a function of `inside`. Tried again, because the database may be away for a moment."""
        for _ in range(tries):
            answer = self.clerk.ask(function, *arguments)
            if "answer" in answer:
                return answer["answer"]
            time.sleep(1)
        sys.exit(f"chaos: {function} failed:\n{answer['problem'][-2000:]}")


class Clerk:
    """A process that has the desk's database, and does one thing after the other."""

    def __init__(self, desk: Desk):
        self.desk, self.log = desk, desk.folder / "clerk.log"
        self.process: subprocess.Popen[str] | None = None

    def ask(self, function: str, *arguments: Any) -> dict[str, Any]:
        if self.process is None or self.process.poll() is not None:
            self.process = self.hire()
        assert self.process.stdin
        assert self.process.stdout
        try:
            self.process.stdin.write(json.dumps([function, arguments]) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return {"problem": self.log.read_text()}
        for line in self.process.stdout:
            if line.startswith("{"):
                return dict(json.loads(line))
        self.process.wait()
        return {"problem": self.log.read_text()}

    def hire(self) -> subprocess.Popen[str]:
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "shell", "-v0", "-c", "from tests.chaos import inside; inside.listen()"],
                cwd=ROOT,
                env=self.desk.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=die_with_parent,
            )

    def dismiss(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()
