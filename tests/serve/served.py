"""`manage.py serve` as a real process tree, with a database file of its own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import requests
from django.conf import settings

from sophia.alarms import CHORES, NOTICES, PUBLISH, TAKEDOWN
from tests.live.tab import Tab
from tests.serve.warm import Warm

MANAGE = str(settings.BASE_DIR / "manage.py")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def run(environment, *command):
    """A management command in another process. Returns it, ended."""
    return subprocess.run(
        [sys.executable, MANAGE, *command], env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def words(path):
    """Any process of the machine may have been given bytes that are no text."""
    return path.read_text(errors="replace").replace("\0", " ")


def processes():
    """Every living process: pid, parent and command line."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent = words(folder / "stat").rpartition(")")[2].split()[:2]
            if state not in "ZX":
                yield int(folder.name), int(parent), words(folder / "cmdline")


def queue_of(pid):
    """The queue that a process of a cluster works on, from the environment it was started with."""
    with suppress(OSError):
        found = words(Path(f"/proc/{pid}/environ")).split()
        return next((word.partition("=")[2] for word in found if word.startswith("Q_CLUSTER_NAME=")), None)


class Served:
    """With --workers 2 the clusters for posts and chores have six processes each: main, sentinel, two workers, monitor
    and pusher. Those for take-downs and for notices have four workers."""

    def __init__(self, environment, log, folder=None):
        self.environment = environment
        self.folder = folder
        self.log = log
        self.port = free_port()
        self.known = set()
        self.warm = None

    def start(self, *options):
        """Ready means that each cluster has finished a job, so all its processes are there."""
        command = [sys.executable, MANAGE, "serve", "--port", str(self.port), "--workers", "2", *options]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.greeting = self.process.stdout.readline()
        assert self.greeting, self.log.read_text()
        return self

    def is_complete(self):
        return [len(self.workers(queue)) for queue in (PUBLISH, TAKEDOWN, CHORES, NOTICES)] == [6, 8, 6, 8]

    def until(self, happened, seconds=180):
        """Patient, because machines are loaded: nobody waits longer than it takes. What costs more to ask is asked less
        often: asking must not take the processors from what it waits for."""
        began = asked = time.monotonic()
        while not happened():
            now = time.monotonic()
            assert now - began < seconds, f"waited in vain\n{self.log.read_text()}"
            self.family()
            time.sleep(max(0.05, 2 * (now - asked)))
            asked = time.monotonic()

    def get(self, path="/events/"):
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=30)

    def answers(self):
        try:
            return self.get().status_code == 403
        except requests.RequestException:
            return False

    def family(self):
        """The pids of everything that serve ever started and that is still alive."""
        alive = {pid: (parent, command) for pid, parent, command in processes()}
        self.known.add(self.process.pid)
        while more := {pid for pid, (parent, _) in alive.items() if parent in self.known} - self.known:
            self.known |= more
        return {pid: alive[pid] for pid in self.known & alive.keys()}

    def web(self):
        return [pid for pid, (_, command) in self.family().items() if "uvicorn" in command]

    def workers(self, queue=None):
        """All processes of one cluster, or of all."""
        found = [pid for pid, (_, command) in self.family().items() if "qcluster" in command]
        return [pid for pid in found if queue in (None, queue_of(pid))]

    def main(self, queue=PUBLISH):
        return next(pid for pid in self.workers(queue) if self.family()[pid][0] == self.process.pid)

    def sentinel(self, queue=PUBLISH):
        main = self.main(queue)
        return next(pid for pid, (parent, _) in self.family().items() if parent == main)

    def idle_worker(self, queue=PUBLISH):
        """The one that waits on the queue's pipe, and so holds its lock. The monitor waits on another pipe."""
        sentinel = self.sentinel(queue)
        team = sorted(pid for pid in self.workers(queue) if self.family()[pid][0] == sentinel)
        waiting = [pid for pid in team[:2] if "pipe" in Path(f"/proc/{pid}/wchan").read_text()]
        return waiting[0]

    def kill(self, pid):
        self.family()
        os.kill(pid, signal.SIGKILL)

    def stop(self):
        self.family()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(90)

    def clean_up(self):
        for pid in self.family():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(60)
        self.process.stdout.close()
        if self.warm:
            self.warm.close()

    def run(self, *command):
        self.warm = self.warm or Warm(self.environment)
        return self.warm.run(*command)

    def shell(self, code):
        answer = self.run("shell", "-v0", "-c", code)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def rows(self, sql, *values):
        """Straight from the database file: a command takes most of a second."""
        file = self.environment["DATABASE_URL"].removeprefix("sqlite:///")
        with closing(sqlite3.connect(file, timeout=60)) as database:
            return database.execute(sql, values).fetchall()

    def queued(self, queue=CHORES):
        """A job that a worker took is hidden until its retry time, and leaves the queue when its result is saved."""
        now = datetime.now(UTC).strftime("%F %T")
        rows = self.rows("SELECT lock > ? FROM django_q_ormq WHERE key = ?", now, queue)
        return ["running" if hidden else "waiting" for (hidden,) in rows]

    def signed_in_stream(self):
        """The stream of desk events, opened by a person with a session."""
        code = (
            "from django.test import Client; from tests import make; c = Client(); "
            "c.force_login(make.person('ada', 'viewer')); print('session=' + c.cookies['sessionid'].value)"
        )
        session = self.shell(code).partition("session=")[2].strip()
        url = f"http://127.0.0.1:{self.port}/events/"
        return closing(Tab(requests.get(url, cookies={"sessionid": session}, stream=True, timeout=60)).opened())
