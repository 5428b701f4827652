"""What stands in an archive, so that it can be judged before anything is touched."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from sophia import canary
from sophia.refusals import Refused

FORMAT = 1
SQLITE, POSTGRES = "database.sqlite3", "database.dump"
PARTS = {"sqlite": SQLITE, "postgresql": POSTGRES}


@dataclass
class Manifest:
    """`parts` maps each file in the archive to the SHA-256 of its bytes, `counts` each table to its rows."""

    taken_at: str
    vendor: str
    version: str
    migrations: list[list[str]]
    counts: dict[str, int]
    canary: str
    images_missing: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def of(cls, database: BaseDatabaseWrapper, taken_at: datetime, version: str) -> Self:
        with database.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
            migrations = [list(row) for row in cursor.fetchall()]
        return cls(taken_at.isoformat(), database.vendor, version, migrations, counted(database), canary.encrypted())

    @classmethod
    def read(cls, text: bytes) -> Self:
        try:
            document = json.loads(text)
            if document["format"] != FORMAT:
                raise Refused("The archive was made by a newer Sophia. Upgrade first.")
            return cls(**document)
        except (ValueError, TypeError, KeyError) as wrong:
            raise Refused(f"The manifest of the archive cannot be read: {wrong!r}") from None

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)

    @property
    def database(self) -> str:
        return PARTS[self.vendor]

    def require_fitting(self) -> None:
        """Refused when this Sophia could not run on it: other keys or database, a newer version, a wrong clock."""
        canary.require_ours(self.canary, "the backup")
        if self.vendor != connection.vendor:
            raise Refused(f"The backup is of {self.vendor}, and DATABASE_URL names {connection.vendor}.")
        if self.moment > timezone.now():
            raise Refused(f"The backup is of {self.moment:%Y-%m-%d %H:%M} UTC, which lies ahead. Set the clock first.")
        known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
        ours = {config.label for config in apps.get_app_configs()}
        if strange := [f"{app}.{name}" for app, name in self.migrations if app in ours and (app, name) not in known]:
            raise Refused(f"The backup is of a newer Sophia, with {strange[0]}. Upgrade first.")

    def require_counts(self, database: BaseDatabaseWrapper) -> None:
        now = counted(database)
        for table, rows in self.counts.items():
            if now.get(table) != rows:
                raise Refused(f"The table {table} has {now.get(table)} rows after restoring, and had {rows}.")


def counted(database: BaseDatabaseWrapper) -> dict[str, int]:
    counts: dict[str, Any] = {}
    with database.cursor() as cursor:
        for table in sorted(database.introspection.table_names(cursor)):
            cursor.execute(f"SELECT COUNT(*) FROM {database.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts
