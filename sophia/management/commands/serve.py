import errno
import socket
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from sophia import canary, database, fitness, media, private, schedules
from sophia.alarms import QUEUES
from sophia.clock import Clock
from sophia.lifesign import Lifesign
from sophia.models import Heartbeat
from sophia.programs import cluster, web
from sophia.refusals import Refused
from sophia.supervisor import Child, Supervisor, say

QUICK = 10.0
"""Seconds that the start may take for looking through a SQLite file."""
ONE_MACHINE = "SQLite serves one machine. Workers on another machine need PostgreSQL: see docs/operating.md."


class Command(BaseCommand):
    help = "Runs the web pages and the workers, watches over them, and stops them together."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="The address to listen on. Left out: 127.0.0.1, this machine alone."
        )
        parser.add_argument(
            "--port", type=int, default=settings.PORT, help="The port to listen on. Left out: PORT, else 8000."
        )
        parser.add_argument(
            "--workers",
            type=int,
            default=settings.SOPHIA_WORKERS,
            help="Processes that publish. Left out: SOPHIA_WORKERS, else 32.",
        )
        parser.add_argument("--reload", action="store_true", help="For development: the web follows the code.")
        half = parser.add_mutually_exclusive_group()
        half.add_argument("--workers-only", action="store_true", help="No web. On as many machines as you like.")
        half.add_argument("--web-only", action="store_true", help="No workers: they run elsewhere, by --workers-only.")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        if options["workers"] < 1:
            raise CommandError("--workers must be 1 or more.")
        if not options["workers_only"]:
            check_port(host, port)
        check_database()
        private.shut()
        check_fitness()
        prepare_desk()
        if settings.SOPHIA_SANDBOX and not options["workers_only"]:
            say_where_the_sandbox_is(port)
        if options["workers_only"] and connection.vendor == "sqlite":
            say(f"Sophia: {ONE_MACHINE}")
        connections.close_all()
        if settings.SOPHIA_PING_URL and not options["workers_only"]:
            Lifesign(settings.SOPHIA_PING_URL, host, port).start()
        greet = partial(self.greet, host, port, options)
        Supervisor(children(host, port, options), greet, beside=beside(options)).run()

    def greet(self, host: str, port: int, options: dict[str, Any]) -> None:
        place = "the workers" if options["workers_only"] else f"http://{bracketed(host)}:{port}/"
        self.stdout.write(f"Sophia is ready: {place}")
        self.stdout.flush()


def beside(options: dict[str, Any]) -> list[Callable[[], None]]:
    """Where web and workers run apart, on one machine, one of them tells that its clock was changed."""
    return [] if options["web_only"] else [Clock().look]


def children(host: str, port: int, options: dict[str, Any]) -> list[Child]:
    environment = {"PORT": str(port), "SOPHIA_WORKERS": str(options["workers"])}
    found = []
    if not options["workers_only"]:
        found.append(web(host, port, options["reload"], environment))
    if not options["web_only"]:
        found += [cluster(queue, environment) for queue in QUEUES]
    return found


def check_fitness() -> None:
    try:
        fitness.require()
    except Refused as refused:
        raise CommandError(str(refused)) from None


def prepare_desk() -> None:
    """One machine at a time: two that start together would declare every rhythm twice."""
    try:
        with transaction.atomic():
            canary.leave()
            media.claim()
            schedules.sync()
            Heartbeat.forget_old()
            Heartbeat.forget_future()
    except Refused as refused:
        raise CommandError(str(refused)) from None


def say_where_the_sandbox_is(port: int) -> None:
    """To commands, which run beside. Its models exist only while it is on."""
    from publishing.sandbox.models import Place

    Place.note(port)


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
        found = database.damage(within=QUICK)
    except Error as problem:
        raise CommandError(database.why_not(problem, otherwise="Cannot open the database: {}")) from None
    if found:
        raise CommandError(database.damaged(found))
    if missing:
        raise CommandError("The database is not set up for this version of Sophia. Run bin/setup.")
