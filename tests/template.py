"""A migrated database, made once for each set of migrations and copied for every process of the tests.

To migrate takes longer than most tests. What is copied is what `manage.py migrate` made.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.serve.served import run


def key() -> str:
    """Of everything that says what the database looks like."""
    found = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for path in sorted(settings.BASE_DIR.glob("*/**/migrations/*.py")):
        found.update(path.relative_to(settings.BASE_DIR).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Of several processes one makes it, and the others wait."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(address: str) -> None:
    answer = run(os.environ | {"DATABASE_URL": address}, "migrate", "-v0")
    assert answer.returncode == 0, answer.stderr


def sqlite() -> Path:
    path = Path(tempfile.gettempdir()) / f"sophia-tests-{os.getuid()}-{key()}.sqlite3"
    with alone(path):
        if not path.exists():
            making = path.with_suffix(".making")
            making.unlink(missing_ok=True)
            migrate(f"sqlite:///{making}")
            making.rename(path)
    return path


def postgres() -> str:
    """The name of the database, on the server that DATABASE_URL names."""
    name, given = f"sophia_tests_{key()}", connection.settings_dict
    with alone(Path(tempfile.gettempdir()) / f"{name}-{given['HOST']}-{given['PORT']}"):
        if not known(name):
            create(f"{name}_making")
            address, _, _ = settings.DATABASE_URL.rpartition("/")
            migrate(f"{address}/{name}_making")
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'ALTER DATABASE "{name}_making" RENAME TO "{name}"')
    return name


def known(name: str) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def create(name: str, template: str = "template1") -> None:
    drop(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def copied(worker: str) -> Iterator[None]:
    """For this process, a database of its own in the place of the one that the settings name."""
    row = connection.settings_dict
    before = row["NAME"]
    name = row["TEST"]["NAME"] if connection.vendor == "sqlite" else f"test_{before}_{worker}"
    if connection.vendor == "sqlite":
        shutil.copyfile(sqlite(), name)
    else:
        create(name, postgres())
    connection.close()
    row["NAME"] = settings.DATABASES["default"]["NAME"] = name
    yield
    connection.close()
    row["NAME"] = settings.DATABASES["default"]["NAME"] = before
    if connection.vendor == "postgresql":
        drop(name)
