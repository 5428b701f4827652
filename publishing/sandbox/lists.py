"""Edges that list posts: newest first, with cursors (H12, H21)."""

import base64
import binascii
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from publishing.sandbox.calls import Call
from publishing.sandbox.errors import invalid, no_field
from publishing.sandbox.models import Account, Post
from publishing.sandbox.shapes import shape

MOST = 100
FACEBOOK_FIELDS = "id,message,created_time"


def feed(call: Call, page: Account) -> dict[str, Any]:
    posts = page.posts.existing() if page.knobs["feed_shows_unpublished"] else page.posts.public()
    return listed(call, page, posts, skip=page.knobs["feed_omits"])


def published_posts(call: Call, page: Account) -> dict[str, Any]:
    return listed(call, page, page.posts.public())


def scheduled_posts(call: Call, page: Account) -> dict[str, Any]:
    return listed(call, page, page.posts.scheduled())


def ads_posts(call: Call, page: Account) -> dict[str, Any]:
    return listed(call, page, page.posts.unpublished())


def promotable_posts(call: Call, page: Account) -> dict[str, Any]:
    if not page.knobs["lists_unpublished"]:
        raise no_field("promotable_posts", "Page")
    asked = call.flag("is_published", True) if call.text("is_published") else None
    posts = {None: page.posts.existing, True: page.posts.public, False: page.posts.unpublished}[asked]()
    return listed(call, page, posts)


def media(call: Call, profile: Account) -> dict[str, Any]:
    return listed(call, profile, profile.posts.public(), default="id")


def listed(
    call: Call, account: Account, posts: QuerySet[Post], skip: int = 0, default: str = FACEBOOK_FIELDS
) -> dict[str, Any]:
    limit = call.number("limit", 25)
    if not 1 <= limit <= MOST:
        raise invalid(f"For field '{call.path}': limit must be between 1 and {MOST}")
    settled = Post.objects.filter(pk__in=posts).shown(account).settled(account.knobs["list_lag_seconds"])
    posts = within(call, settled.newest_first())
    start = skip + offset(call, limit)
    found = list(posts.select_related("account").prefetch_related("pictures")[start : start + limit + 1])
    data = [shape(call, post, default) for post in found[:limit]]
    return {"data": data, **paging(call, start - skip, len(data), more=len(found) > limit)}


def within(call: Call, posts: Any) -> Any:
    if since := call.moment("since"):
        posts = posts.filter(moment__gte=since)
    if until := call.moment("until"):
        posts = posts.filter(moment__lte=until)
    return posts


def offset(call: Call, limit: int) -> int:
    if after := call.text("after"):
        return position(after) + 1
    if before := call.text("before"):
        return max(position(before) - limit, 0)
    return 0


def paging(call: Call, start: int, count: int, more: bool) -> dict[str, Any]:
    if not count:
        return {}
    cursors = {"before": cursor(start), "after": cursor(start + count - 1)}
    page: dict[str, Any] = {"cursors": cursors}
    if more:
        page["next"] = address(call, "after", cursors["after"])
    if start:
        page["previous"] = address(call, "before", cursors["before"])
    return {"paging": page}


def address(call: Call, direction: str, mark: str) -> str:
    """As with the real one, the token is part of it: do not follow it, do not log it."""
    params = {**call.params, "access_token": call.token_value}
    params.pop("after", None)
    params.pop("before", None)
    return call.absolute(f"{call.request.path}?{urlencode({**params, direction: mark})}")


def cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"sandbox:{place}".encode()).decode()


def position(mark: str) -> int:
    try:
        word, _, place = base64.urlsafe_b64decode(mark.encode()).decode().partition(":")
        if word == "sandbox":
            return int(place)
    except (ValueError, binascii.Error):
        pass
    raise invalid("Invalid cursors values")
