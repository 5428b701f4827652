"""A database of its own for one run, gone afterwards."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg


@contextmanager
def fresh(server: str, folder: Path, name: str = "bench") -> Iterator[str]:
    """Its URL: a new database on the PostgreSQL server that `server` names, or an SQLite file in `folder`."""
    if not server:
        yield f"sqlite:///{folder}/{name}.sqlite3"
        return
    made = f"sophia_{name}_{os.getpid()}_{secrets.token_hex(3)}"
    tell(server, f"CREATE DATABASE {made}")
    try:
        yield urlsplit(server)._replace(path=f"/{made}").geturl()
    finally:
        tell(server, f"DROP DATABASE {made} WITH (FORCE)")


def tell(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
