import errno
import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection, connections
from django.db.migrations.executor import MigrationExecutor

from sophia import schedules
from sophia.heartbeat import Watch
from sophia.models import Heartbeat
from sophia.supervisor import STOP_WITHIN, Child, Supervisor

WHITENOISE_WARNING = "ignore:StreamingHttpResponse must consume synchronous iterators:Warning"
RELOADED = ("sophia", "publishing", "approval", "templates")


class Command(BaseCommand):
    help = "Runs the web pages and the workers, watches over both, and stops them together."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="The address to listen on (127.0.0.1).")
        parser.add_argument("--port", type=int, default=settings.PORT, help=f"The port to listen on ({settings.PORT}).")
        parser.add_argument("--workers", type=int, default=settings.Q_CLUSTER["workers"], help="Worker processes.")
        parser.add_argument("--reload", action="store_true", help="For development: the web follows the code.")

    def handle(self, *args: Any, host: str, port: int, workers: int, reload: bool, **options: Any) -> None:
        if workers < 1:
            raise CommandError("--workers must be 1 or more.")
        check_port(host, port)
        check_database()
        schedules.sync()
        Heartbeat.forget_old()
        connections.close_all()
        name = f"{socket.gethostname()}-{os.getpid()}"
        shared = {"PORT": str(port), "SOPHIA_WORKERS": str(workers), "SOPHIA_CLUSTER": name}
        supervisor = Supervisor(
            web(host, port, reload, shared),
            background_workers(shared),
            Watch(name, settings.SOPHIA_FROZEN_AFTER),
            (host, port),
            greet=lambda: self.greet(host, port),
        )
        supervisor.run()

    def greet(self, host: str, port: int) -> None:
        self.stdout.write(f"Sophia is ready: http://{bracketed(host)}:{port}/")
        self.stdout.flush()


def web(host: str, port: int, reload: bool, environment: dict[str, str]) -> Child:
    """Open streams never end by themselves: without a graceful timeout uvicorn would wait for them for ever."""
    command = [sys.executable, "-W", WHITENOISE_WARNING, "-m", "uvicorn", "sophia.asgi:application"]
    command += ["--app-dir", str(settings.BASE_DIR)]
    command += ["--host", host, "--port", str(port)]
    command += ["--lifespan", "off", "--log-level", "warning", "--no-access-log"]
    command += ["--timeout-graceful-shutdown", "1" if reload else "2"]
    if reload:
        command += ["--reload", *(f"--reload-dir={settings.BASE_DIR / folder}" for folder in RELOADED)]
    return Child("the web", command, environment | {"CONN_MAX_AGE": "0"}, settings.BASE_DIR, stop_within=5)


def background_workers(environment: dict[str, str]) -> Child:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"]
    environment = environment | {"CONN_MAX_AGE": "60"}
    return Child("the worker cluster", command, environment, settings.BASE_DIR, stop_within=STOP_WITHIN)


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def check_port(host: str, port: int) -> None:
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OverflowError:
        raise CommandError("--port must be between 0 and 65535.") from None
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} is taken. Stop what uses it, or choose another: --port {port + 1}"
            ) from None
        raise CommandError(f"Cannot listen on {host}, port {port}: {problem.strerror}.") from None


def check_database() -> None:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as problem:
        raise CommandError(f"Cannot open the database: {str(problem).strip()}") from None
    if missing:
        raise CommandError("The database is not set up for this version of Sophia. Run bin/setup.")
