"""Keeps the web and the workers running, and stops them together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic, sleep

from sophia.heartbeat import Watch

TICK = 0.2
STEADY_AFTER = 60.0
LONGEST_WAIT = 10.0
STOP_WITHIN = 65.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def die_with(parent: int, by: int = signal.SIGTERM) -> None:
    """Runs in the new process: Linux will send it this signal when its parent goes, even by kill -9."""
    if libc:
        libc.prctl(PR_SET_PDEATHSIG, by)
        if os.getppid() != parent:
            os._exit(1)


def forks_die_with_parent() -> None:
    """From now on: a sentinel is nothing without its cluster, and a worker nothing without its sentinel."""
    parent = 0

    def remember() -> None:
        nonlocal parent
        parent = os.getpid()

    os.register_at_fork(before=remember, after_in_child=lambda: die_with(parent, by=signal.SIGKILL))


class Child:
    """A program in a process group of its own, so that whatever it leaves behind can be killed with it."""

    def __init__(
        self, name: str, command: Sequence[str], environment: dict[str, str], folder: Path, stop_within: float
    ):
        self.name = name
        self.command = command
        self.folder = folder
        self.environment = environment
        self.stop_within = stop_within
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = self.start_at = 0.0
        self.failures = 0

    def start(self) -> None:
        self.started_at = monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(die_with, os.getpid()),
        )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if self.process:
            self.process.terminate()

    def kill(self) -> None:
        """SIGKILL to the whole group: a dead qcluster leaves five processes that would go on working."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        patience = monotonic() + 2
        while not self.group_is_gone(self.process.pid) and monotonic() < patience:
            sleep(0.01)
        self.process = None

    @staticmethod
    def group_is_gone(group: int) -> bool:
        with suppress(ChildProcessError):  # as process 1 of a container we inherit the orphans, and must reap them
            os.waitpid(-group, os.WNOHANG)
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        return False

    def start_later(self) -> float:
        """Half a second after the first failure, then twice as long each time. Returns the wait."""
        if monotonic() - self.started_at > STEADY_AFTER:
            self.failures = 0
        wait = min(0.5 * 2**self.failures, LONGEST_WAIT)
        self.failures += 1
        self.start_at = monotonic() + wait
        return wait


class Supervisor:
    def __init__(self, web: Child, workers: Child, watch: Watch, address: tuple[str, int], greet: Callable[[], None]):
        self.web = web
        self.workers = workers
        self.watch = watch
        self.address = address
        self.greet = greet
        self.greeted = False
        self.signals = 0

    def run(self) -> None:
        """Returns when it was told to stop, and nothing that it started is left."""
        for number in STOP_SIGNALS:
            signal.signal(number, self.count_signal)
        try:
            while not self.signals:
                self.look_after(self.web)
                self.look_after(self.workers)
                self.restart_frozen_workers()
                self.greet_once()
                sleep(TICK)
            self.stop()
        finally:
            self.web.kill()
            self.workers.kill()

    def count_signal(self, *_: object) -> None:
        self.signals += 1

    def look_after(self, child: Child) -> None:
        if child.has_ended():
            self.replace(child, "has stopped")
        elif child.process is None and monotonic() >= child.start_at:
            child.start()
            if child is self.workers:
                self.watch.reset()

    def restart_frozen_workers(self) -> None:
        if self.workers.process and self.watch.sees_frozen():
            self.replace(self.workers, f"finished nothing for {self.watch.frozen_after:.0f} s")

    def replace(self, child: Child, reason: str) -> None:
        child.kill()
        say(f"Sophia: {child.name} {reason}. Starting again in {child.start_later():g} s.")

    def greet_once(self) -> None:
        if not self.greeted and self.web.process:
            with suppress(OSError), socket.create_connection(self.address, timeout=1):
                self.greeted = True
                self.greet()

    def stop(self) -> None:
        say(f"Sophia: stopping. Running jobs may finish (up to {STOP_WITHIN:.0f} s); Ctrl-C again stops at once.")
        asked_at = monotonic()
        children = [child for child in (self.web, self.workers) if child.process]
        for child in children:
            child.ask_to_stop()
        while children and self.signals < 2:
            sleep(TICK / 4)
            waited = monotonic() - asked_at
            for child in [c for c in children if c.has_ended() or waited > c.stop_within]:
                child.kill()
                children.remove(child)
