"""What `manage.py check --deploy` asks beside Django's own."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError

from sophia.demo import traces


@register(Tags.security, deploy=True)
def no_demo(**options: Any) -> list[Error]:
    """A database that is not there, or not migrated, is for others to tell."""
    try:
        found = "" if settings.DEBUG else traces.sentence()
    except DatabaseError:
        return []
    return [Error(found, hint=traces.TO_DO, id="sophia.E001")] if found else []
