"""The parts of the stage: a platform that nobody kills, a desk in groups that die, and where asked a PostgreSQL."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


def die_with_parent() -> None:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def until(happened: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    patience = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > patience:
            sys.exit(f"chaos: waited in vain for {what}")
        time.sleep(0.1)


def descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found[1:]


def kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


class Program:
    """One process with all its descendants, started again whenever it was killed."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path):
        self.command, self.environment, self.log = command, environment, log
        self.start()

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
            )

    def kill(self) -> None:
        """kill -9, the whole group at once."""
        kill([self.process.pid, *descendants(self.process.pid)])
        self.process.wait()

    def workers(self) -> list[int]:
        """Every process below, but not what watches over them."""
        return [pid for pid in descendants(self.process.pid) if "qcluster" in command_of(pid)]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


class Platform:
    """A stand-in of the platforms, in a process of its own, steered and judged over HTTP."""

    url: str
    program: Program

    def answers(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/_knobs", timeout=5).ok
        return False

    def tell(self, what: str, **body: object) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/{what}", json=body, timeout=30)
        answer.raise_for_status()
        return dict(answer.json())

    def turn(self, account: str = "", **knobs: object) -> None:
        """One by one: a stand-in may lack some of them."""
        about = {"account": account} if account else {}
        for name, value in knobs.items():
            requests.post(f"{self.url}/_knobs", json={**about, name: value}, timeout=30)

    def remove(self, thing: str) -> None:
        """By hand. It may be gone already."""
        requests.post(f"{self.url}/_remove", json={"id": thing}, timeout=30)

    def forget(self, what: str) -> None:
        requests.delete(f"{self.url}/{what}", timeout=30).raise_for_status()

    def truth(self) -> dict[str, Any]:
        answer = requests.get(f"{self.url}/_truth", timeout=60)
        answer.raise_for_status()
        return dict(answer.json())


class Sandbox(Platform):
    """On a database of its own."""

    def __init__(self, folder: Path, seed: int = 1):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/sandbox"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "sophia.settings",
            "DATABASE_URL": f"sqlite:///{folder / 'platform.sqlite3'}",
            "SOPHIA_SANDBOX": "1",
            "DEBUG": "1",
            "REDIS_URL": "",
            "SOPHIA_MEDIA": str(folder / "platform-media"),
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
        command = ["-m", "uvicorn", "sophia.asgi:application", "--port", str(port), "--log-level", "error"]
        # The sandbox tells the time itself: its clock may be wrong.
        self.program = Program(
            [*command, "--lifespan", "off", "--no-date-header"], environment, folder / "platform.log"
        )
        until(self.answers, "the platform")


class Standin(Platform):
    """The second one, which differs wherever the facts are uncertain."""

    def __init__(self, folder: Path, seed: int = 1):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = ["-m", "tests.standin", "--port", str(port), "--seed", str(seed)]
        self.program = Program(command, dict(os.environ), folder / "platform.log")
        until(self.answers, "the platform")


PLATFORMS: dict[str, type[Sandbox | Standin]] = {"sandbox": Sandbox, "standin": Standin}


class Postgres:
    """A PostgreSQL of our own, which may be stopped hard and started again."""

    def __init__(self, folder: Path):
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not found:
            sys.exit("chaos: --postgres needs Debian's postgresql.")
        self.bin, self.data, self.port = found[-1], folder / "pg" / "data", free_port()
        self.data.parent.mkdir()
        folder.chmod(0o755)
        if os.getuid() == 0:
            shutil.chown(self.data.parent, "postgres")
        self.run(f"{self.bin}/initdb -D {self.data} -A trust -U sophia -E UTF8")
        self.start()
        self.url = f"postgres://sophia@127.0.0.1:{self.port}/postgres"

    def run(self, command: str) -> None:
        words = ["su", "postgres", "-s", "/bin/sh", "-c", command] if os.getuid() == 0 else ["sh", "-c", command]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.data.parent} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.run(f"{self.bin}/pg_ctl -D {self.data} -w -l {self.data.parent}/log -o '{options}' start")

    def stop(self) -> None:
        self.run(f"{self.bin}/pg_ctl -D {self.data} -w -m immediate stop")

    def restart(self) -> None:
        self.stop()
        self.start()
