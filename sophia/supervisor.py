"""Keeps the web and the worker clusters running, and stops them together."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol

from django.conf import settings

log = logging.getLogger(__name__)

TICK = 0.2
STEADY_AFTER = 60.0
LONGEST_WAIT = 10.0
STOP_WITHIN = 65.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def say(sentence: str) -> None:
    if settings.SOPHIA_LOG_FORMAT == "json":
        log.info(sentence)
    else:
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


class Eye(Protocol):
    """How a supervisor sees what a child does: frozen is what shows nothing for the seconds of `patience`. It is told
    when its child is given up for that."""

    @property
    def patience(self) -> float: ...
    def give_up(self) -> None: ...
    def reset(self) -> None: ...
    def is_ready(self) -> bool: ...
    def sees_frozen(self) -> bool: ...
    def close(self) -> None: ...


class Child:
    """A program in a process group of its own, so that whatever it leaves behind can be killed with it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: dict[str, str],
        folder: Path,
        stop_within: float,
        eye: Eye,
    ):
        self.name = name
        self.command = command
        self.folder = folder
        self.environment = environment
        self.stop_within = stop_within
        self.eye = eye
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
    def __init__(self, children: Sequence[Child], greet: Callable[[], None], beside: Sequence[Callable[[], None]] = ()):
        """`beside`: what it also looks after, each for a moment."""
        self.children = children
        self.greet = greet
        self.beside = beside
        self.greeted = False
        self.signals = 0

    def run(self) -> None:
        """Returns when it was told to stop, and nothing that it started is left."""
        for number in STOP_SIGNALS:
            signal.signal(number, self.count_signal)
        try:
            while not self.signals:
                for child in self.children:
                    self.look_after(child)
                self.greet_once()
                for look in self.beside:
                    look()
                sleep(TICK)
            self.stop()
        finally:
            for child in self.children:
                child.kill()
                child.eye.close()

    def count_signal(self, *_: object) -> None:
        self.signals += 1

    def look_after(self, child: Child) -> None:
        if child.has_ended():
            self.replace(child, "has stopped")
        elif child.process is None and monotonic() >= child.start_at:
            child.start()
            child.eye.reset()
        elif child.process and child.eye.sees_frozen():
            self.replace(child, f"finished nothing for {child.eye.patience:.0f} s")
            child.eye.give_up()

    def replace(self, child: Child, reason: str) -> None:
        child.kill()
        say(f"Sophia: {child.name} {reason}. Starting again in {child.start_later():g} s.")

    def greet_once(self) -> None:
        if not self.greeted and all(child.process and child.eye.is_ready() for child in self.children):
            self.greeted = True
            self.greet()

    def stop(self) -> None:
        say(f"Sophia: stopping. Running jobs may finish (up to {STOP_WITHIN:.0f} s); Ctrl-C again stops at once.")
        asked_at = monotonic()
        children = [child for child in self.children if child.process]
        for child in children:
            child.ask_to_stop()
        while children and self.signals < 2:
            sleep(TICK / 4)
            waited = monotonic() - asked_at
            for child in [c for c in children if c.has_ended() or waited > c.stop_within]:
                child.kill()
                children.remove(child)
