"""PostgreSQL: pg_dump of one snapshot, and one transaction that takes everything away and puts the backup there.

The password goes through the environment: arguments can be seen by everybody on the machine. What follows the restored
rows (migrations, the restore point) comes after that transaction, so it leaves a table that nobody starts with
(`canary.UNFINISHED`) until that is done.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from sophia import canary
from sophia.backup.archive import Archive
from sophia.backup.manifest import POSTGRES
from sophia.refusals import Refused
from sophia.supervisor import die_with

VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
"""What libpq reads. `passfile` and the rest come from the machine itself."""

OTHERS = (
    "SELECT COUNT(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL "
    "AND COALESCE(backend_type, 'client backend') = 'client backend'"
)
"""PostgreSQL does not tell of other roles what kind of process theirs are. Its own have no role."""
CONNECTED = "others are connected to the database: stop serve on every machine, and every command."
STILL_ALONE = f"DO $$ BEGIN IF ({OTHERS}) > 0 THEN RAISE 'Meanwhile {CONNECTED}'; END IF; END $$"
"""Asked once more when every table is locked. Who comes later waits for the locks, and then sees the mark; who came
before would work on what is only half restored."""


def environment() -> dict[str, str]:
    wanted: dict[str, Any] = connection.get_connection_params()
    return os.environ | {VARIABLES[key]: str(value) for key, value in wanted.items() if key in VARIABLES and value}


def run(program: str, *arguments: str) -> None:
    """Refused with the last thing it said. It ends with us: a psql that lives on would commit what nobody finishes."""
    with_us = partial(die_with, os.getpid())
    try:
        ended = subprocess.run(
            [program, *arguments], env=environment(), preexec_fn=with_us, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise Refused(f"{program} is not installed. On Debian: apt-get install postgresql-client.") from None
    if ended.returncode:
        said = next((line for line in ended.stderr.splitlines() if line.strip()), "nothing")
        raise Refused(f"{program} says: {said}")


@contextmanager
def dumped(dump: Path) -> Iterator[BaseDatabaseWrapper]:
    """What is counted and what is dumped are one snapshot."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={dump}")
        yield connection


@contextmanager
def restoring(archive: Archive) -> Iterator[None]:
    """After the first transaction the rows are those of the backup, and the mark is set. The block does the rest."""
    require_alone()
    with TemporaryDirectory(prefix="sophia-") as folder:
        dump, script = Path(folder) / POSTGRES, Path(folder) / "restore.sql"
        archive.extract(POSTGRES, dump)
        run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
        connection.close()
        before, after = clearing(), f"CREATE TABLE public.{canary.UNFINISHED} (begun_at timestamptz DEFAULT now())"
        psql([f"--command={before}", f"--command={STILL_ALONE}", f"--file={script}", f"--command={after}"])
    connection.close()
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {canary.UNFINISHED}")


def psql(steps: Sequence[str]) -> None:
    run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null", *steps)


def clearing() -> str:
    tables = connection.introspection.table_names()
    names = ", ".join(map(connection.ops.quote_name, tables))
    connection.close()
    return f"DROP TABLE {names} CASCADE" if tables else "SELECT 1"


def require_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        others = cursor.fetchone()[0]
    if others:
        raise Refused(f"{others} {CONNECTED}")
