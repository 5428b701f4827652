"""A Sophia in processes of its own, on a database of its own. Nothing of it is left when it ends."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.bench import database
from tests.bench.counting import FOLDER
from tests.bench.figures import ROOT
from tests.bench.processes import die_with_parent

TOKEN = "bench"


class Desk:
    """`start()` is `manage.py serve`; before that, `run` and `manage` already work."""

    def __init__(self, server: str, platform: str, **environment: str):
        self.server = server
        self.platform = platform
        self.environment = environment
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Desk":
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sophia-bench-")))
            self.counts = self.folder / "counts"
            self.counts.mkdir()
            url = stack.enter_context(database.fresh(self.server, self.folder))
            stack.callback(self.stop)
            self.environment = self.settings(url) | self.environment
            self.manage("migrate", "-v0")
            self.kept = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kept.close()

    def settings(self, url: str) -> dict[str, str]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "DATABASE_URL": url,
            "REDIS_URL": "",
            "SOPHIA_MEDIA": str(self.folder / "media"),
            "SOPHIA_SANDBOX": "0",
            "DEBUG": "1",
            "SOPHIA_GRAPH_URL": self.platform,
            "SOPHIA_PUBLIC_URL": self.address,
            FOLDER: str(self.counts),
        }

    def start(self, workers: int = 0) -> None:
        """Until it says that it is ready, with its own number of workers when none is given."""
        options = ["--workers", str(workers)] if workers else []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port), *options],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=None if "BENCH_LOUD" in os.environ else subprocess.DEVNULL,
            text=True,
            preexec_fn=die_with_parent,
        )
        assert self.process.stdout
        if not self.process.stdout.readline():
            sys.exit("manage.py serve did not start. BENCH_LOUD=1 shows what it says.")

    def stop(self) -> None:
        """At once: nothing of this desk is wanted any more."""
        if self.process is None:
            return
        self.process.terminate()
        self.process.terminate()
        self.process.communicate(timeout=90)
        self.process = None

    def manage(self, *arguments: str) -> str:
        answer = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if answer.returncode:
            sys.exit(f"manage.py {' '.join(arguments)[:80]} failed:\n{answer.stderr}")
        return answer.stdout

    def run(self, function: str, *arguments: Any) -> Any:
        """Call a function of `tests.bench.inside` in a process that has this desk's database."""
        code = f"from tests.bench import inside; inside.call({function!r}, {json.dumps(arguments)!r})"
        return json.loads(self.manage("shell", "-v0", "-c", code).splitlines()[-1])
