"""A Sophia with its sandbox in processes of its own, on a database of its own."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Desk:
    def __init__(self, database: str, workers: int):
        self.folder = tempfile.TemporaryDirectory(prefix="sophia-bench-")
        self.workers = workers
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        address = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "sophia.settings",
            "DATABASE_URL": database or f"sqlite:///{self.folder.name}/bench.sqlite3",
            "SOPHIA_MEDIA": f"{self.folder.name}/media",
            "SOPHIA_SANDBOX": "1",
            "DEBUG": "1",
            "SOPHIA_GRAPH_URL": f"{address}/sandbox",
            "SOPHIA_PUBLIC_URL": address,
        }

    def __enter__(self) -> "Desk":
        self.manage("migrate", "-v0")
        command = ["serve", "--port", str(self.port), "--workers", str(self.workers)]
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        self.process.stdout.readline()  # the greeting: the web answers
        time.sleep(3)  # the workers too
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.terminate()
        self.process.wait(70)
        if self.process.stdout:
            self.process.stdout.close()
        self.folder.cleanup()

    def manage(self, *arguments: str) -> str:
        answer = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if answer.returncode:
            sys.exit(f"manage.py {' '.join(arguments)[:80]} failed:\n{answer.stderr}")
        return answer.stdout

    def run(self, function: str, *arguments: Any) -> Any:
        """Call a function of `tests.bench.inside` in a process that has this desk's database."""
        given = json.dumps(arguments)
        code = (
            f"import json; from tests.bench import inside; print(json.dumps(inside.{function}(*json.loads({given!r}))))"
        )
        return json.loads(self.manage("shell", "-v0", "-c", code))
