"""After a test with real transactions: every row goes but those that every database has after `migrate`.

Django would truncate each table and then make the permissions anew, which takes a quarter of a second on PostgreSQL.
"""

from functools import cache
from typing import Any

from django.db import connection, transaction

KEPT = {"django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
"""Nothing but migrations writes these. The foreign keys of the others are checked at the end of the transaction."""


@cache
def emptied() -> list[str]:
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(known) - KEPT)


def empty(case: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table in emptied():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
