"""Edges that list posts, newest first (platforms.md A5, P1)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from tests.standin.asking import Call
from tests.standin.refusals import invalid, no_field
from tests.standin.shapes import shape
from tests.standin.world import Account, Post, World

FIELDS = "id,message,created_time"
FIRST = "first"
"""The cursor behind an empty first page."""


def feed(world: World, call: Call, page: Account) -> dict[str, Any]:
    knobs = world.temper(page.id)
    everything = knobs["feed_shows_unpublished"]
    posts = [post for post in shown(world, page) if everything or world.is_public(post)]
    return listed(world, call, page, posts[knobs["feed_omits"] :])


def published_posts(world: World, call: Call, page: Account) -> dict[str, Any]:
    return listed(world, call, page, [post for post in shown(world, page) if world.is_public(post)])


def scheduled_posts(world: World, call: Call, page: Account) -> dict[str, Any]:
    planned = [post for post in shown(world, page) if post.published_at and not world.is_public(post)]
    return listed(world, call, page, planned)


def ads_posts(world: World, call: Call, page: Account) -> dict[str, Any]:
    return listed(world, call, page, [post for post in shown(world, page) if not post.published_at])


def promotable_posts(world: World, call: Call, page: Account) -> dict[str, Any]:
    if not world.temper(page.id)["lists_unpublished"]:
        raise no_field("promotable_posts")
    posts = shown(world, page)
    if call.text("is_published"):
        wanted = call.flag("is_published", True)
        posts = [post for post in posts if bool(post.published_at) == wanted]
    return listed(world, call, page, posts)


def photos(world: World, call: Call, page: Account) -> dict[str, Any]:
    """Those of posts. What nobody posted is listed nowhere."""
    used = [each for each in world.photos if each.account == page.id and each.post and world.photo_exists(each)]
    return {"data": [shape(world, call, each, "id,created_time") for each in reversed(used)]}


def media(world: World, call: Call, profile: Account) -> dict[str, Any]:
    public = [post for post in shown(world, profile) if world.is_public(post)]
    return listed(world, call, profile, public, "id")


def nothing(world: World, call: Call, account: Account) -> dict[str, Any]:
    return {"data": []}


def shown(world: World, account: Account) -> list[Post]:
    """Old enough for lists, and not hidden from the token."""
    knobs, now = world.temper(account.id), world.now()
    lag = timedelta(seconds=knobs["list_lag_seconds"])
    found = [
        post
        for post in world.posts
        if post.account == account.id and world.exists(post) and world.shows(post) and settled(post, now, lag)
    ]
    found.reverse()  # Of one moment, too, the latest comes first.
    return sorted(found, key=lambda post: post.appeared_at, reverse=True)


def settled(post: Post, now: Any, lag: timedelta) -> bool:
    return bool(post.foreign or post.appeared_at + lag <= now or post.appeared_at > now)


def listed(world: World, call: Call, account: Account, posts: list[Post], default: str = FIELDS) -> dict[str, Any]:
    limit, way = call.number("limit", 25), world.temper(account.id)["paging"]
    if not 1 <= limit <= 100:
        raise invalid("limit must be between 1 and 100")
    if since := call.moment("since"):
        posts = [post for post in posts if post.appeared_at >= since]
    after = call.text("after")
    if way == "empty_pages" and not after:
        return {"data": [], "paging": paging(call, FIRST, way)}
    start = place(after)
    found = posts[start : start + limit]
    more = len(posts) > start + limit
    answer: dict[str, Any] = {"data": [shape(world, call, post, default) for post in found]}
    if more or (found and way == "cursors"):
        answer["paging"] = paging(call, f"standin{start + limit}", way, more)
    return answer


def paging(call: Call, after: str, way: str, more: bool = True) -> dict[str, Any]:
    """The address of the next page holds the token, as with the real one."""
    query = {**call.params, "access_token": call.token_value, "after": after}
    following = {"next": f"https://graph.facebook.com/v26.0/{call.path}?{urlencode(query)}"} if more else {}
    cursors = {"cursors": {"before": "b", "after": after}} if way != "next_only" else {}
    return {**cursors, **following}


def place(after: str) -> int:
    if after in {"", FIRST}:
        return 0
    number = after.removeprefix("standin")
    if not number.isdecimal():
        raise invalid("Invalid cursors values")
    return int(number)
