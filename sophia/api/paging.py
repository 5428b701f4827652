"""Lists in pages, newest first. A cursor names the last row that was shown, so that new rows move nothing."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Schema

from sophia import fields
from sophia.api.problems import Problem

MOST = 100
PLACE = re.compile(r"before:([0-9]{1,18})")


class Paging(Schema):
    """Lists that can be narrowed add what they know."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many at most.")] = 50
    cursor: Annotated[str, Field(max_length=100, description="`next` of the page before. Left out: the newest.")] = ""

    def narrowing(self) -> dict[str, Any]:
        return self.dict(exclude_none=True, exclude={"limit", "cursor"})


def page(
    request: HttpRequest, rows: QuerySet[Any], asked: Paging, documents: Callable[[list[Any]], list[dict[str, Any]]]
) -> dict[str, Any]:
    require_known(request, asked)
    if asked.cursor:
        rows = rows.filter(pk__lt=read(asked.cursor))
    found = list(rows.order_by("-pk")[: asked.limit + 1])
    shown, more = found[: asked.limit], len(found) > asked.limit
    return {"items": documents(shown), "next": written(shown[-1].pk) if more else None}


def require_known(request: HttpRequest, asked: Paging) -> None:
    """A slip in a name must not show everything instead of what was meant."""
    for name, values in request.GET.lists():
        if name not in type(asked).model_fields:
            raise Problem("invalid", fields.sentence(name, type(asked).model_fields), name)
        if len(values) > 1:
            raise Problem("invalid", f"“{name}” was given {len(values)} times. Give it once.", name)


def written(pk: int) -> str:
    return urlsafe_b64encode(f"before:{pk}".encode()).decode().rstrip("=")


def read(cursor: str) -> int:
    try:
        place = PLACE.fullmatch(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except (Error, ValueError):
        place = None
    if place is None:
        raise Problem("invalid", "This cursor is none of ours. Take “next” of the page before, as it is.", "cursor")
    return int(place[1])
