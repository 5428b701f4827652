"""A desk with one web and several groups of workers, each of which may be killed."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.chaos.processes import PATIENCE, ROOT, Program, free_port, until

SHORT = {
    "SOPHIA_LEASE": "6s",
    "SOPHIA_FROZEN_AFTER": "8s",
    "SOPHIA_RETRY_BACKOFF": "1s,2s,2s,3s,3s",
    "SOPHIA_RECONCILE_AFTER": "1s,2s,4s,8s",
    "SOPHIA_PREPARE_AHEAD": "10s",
    "SOPHIA_FACEBOOK_CALLS_PER_HOUR": "1000000",
    "SOPHIA_INSTAGRAM_POSTS_PER_DAY": "1000000",
    "SOPHIA_WORKERS": "3",
}


class Desk:
    def __init__(self, folder: Path, graph: str, database: str, groups: int):
        self.folder, self.port = folder, free_port()
        self.environment = os.environ | SHORT | {
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
        for program in [*self.groups, *(getattr(self, name) for name in ("rhythm", "web") if hasattr(self, name))]:
            program.kill()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def run(self, function: str, *arguments: Any, tries: int = 5) -> Any:
        """Call a function of `inside`. Tried again, because the database may be away for a moment."""
        code = f"from tests.chaos import inside; inside.call({function!r}, {json.dumps(arguments)!r})"
        for _ in range(tries):
            answer = self.manage("shell", "-v0", "-c", code)
            if answer.returncode == 0:
                return json.loads(answer.stdout.splitlines()[-1])
            time.sleep(1)
        sys.exit(f"chaos: {function} failed:\n{answer.stderr[-2000:]}")
