"""Nodes and edges: who calls, whether they may, and what they get (platforms.md C, D, E)."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from tests.standin import lists, pages, profiles
from tests.standin.asking import Call
from tests.standin.refusals import BLOCKED, BUSY, Refusal, bad_token, invalid, lacks, missing, no_field
from tests.standin.shapes import shape
from tests.standin.world import Account, Post, Token, World

SECRET = "standin-app-secret"
HOUR = timedelta(hours=1)


class Route(NamedTuple):
    handler: Callable[..., Any]
    scope: str
    posts: bool = False
    """It makes a post, or a part of one."""
    before: Callable[..., None] | None = None
    """What takes its time, and is done without the lock."""


def read(world: World, call: Call, thing: Any) -> dict[str, Any]:
    return shape(world, call, thing, "id,name" if isinstance(thing, Account) else "id")


READ, FEED, POST = "pages_read_engagement", "pages_read_user_content", "pages_manage_posts"
IG, IG_POST, IG_DELETE = "instagram_basic", "instagram_content_publish", "instagram_manage_contents"
ROUTES: dict[tuple[str, str, str], Route] = {
    ("GET", "page", ""): Route(read, ""),
    ("GET", "page", "feed"): Route(lists.feed, FEED),
    ("GET", "page", "posts"): Route(lists.feed, READ),
    ("GET", "page", "published_posts"): Route(lists.published_posts, READ),
    ("GET", "page", "scheduled_posts"): Route(lists.scheduled_posts, READ),
    ("GET", "page", "promotable_posts"): Route(lists.promotable_posts, READ),
    ("GET", "page", "ads_posts"): Route(lists.ads_posts, READ),
    ("GET", "page", "visitor_posts"): Route(lists.nothing, READ),
    ("GET", "page", "photos"): Route(lists.photos, READ),
    ("POST", "page", "feed"): Route(pages.create_post, POST, posts=True),
    ("POST", "page", "photos"): Route(pages.create_photo, POST, posts=True, before=pages.take_upload),
    ("GET", "post", ""): Route(read, READ),
    ("POST", "post", ""): Route(pages.change_post, POST, posts=True),
    ("DELETE", "post", ""): Route(pages.delete_post, POST),
    ("GET", "photo", ""): Route(read, READ),
    ("DELETE", "photo", ""): Route(pages.delete_photo, POST),
    ("GET", "profile", ""): Route(read, IG),
    ("GET", "profile", "media"): Route(lists.media, IG),
    ("GET", "profile", "stories"): Route(lists.nothing, IG),
    ("GET", "profile", "content_publishing_limit"): Route(profiles.publishing_limit, IG_POST),
    ("POST", "profile", "media"): Route(profiles.create_container, IG_POST, posts=True, before=profiles.take_image),
    ("POST", "profile", "media_publish"): Route(profiles.publish, IG_POST, posts=True),
    ("GET", "container", ""): Route(profiles.read_container, IG),
    ("GET", "medium", ""): Route(read, IG),
    ("DELETE", "medium", ""): Route(profiles.delete_medium, IG_DELETE),
}


def answer(world: World, call: Call) -> Any:
    """The body. Refusal for what is no success."""
    node, _, edge = call.path.partition("/")
    if node == "debug_token":
        return debug_token(world, call)
    with world.lock:
        call.token = known(world, call)
        if node == "me":
            return me(world, call, edge)
        kind, thing = find(world, call, node)
        call.account = thing if isinstance(thing, Account) else world.accounts[thing.account]
        route = permitted(world, call, kind, edge)
    if route.before:
        route.before(world, call, thing)
    with world.lock:
        return route.handler(world, call, thing)


def known(world: World, call: Call) -> Token:
    token = world.tokens.get(call.token_value)
    if token is None:
        raise bad_token() if call.token_value else Refusal(104, "An access token is required")
    if token.expires_at and token.expires_at <= world.now():
        raise bad_token(463)
    if token.broken is not None:
        raise bad_token(token.broken)
    require_proof(world, call, token)
    return token


def require_proof(world: World, call: Call, token: Token) -> None:
    proof, right = call.text("appsecret_proof"), hmac.new(SECRET.encode(), token.value.encode(), hashlib.sha256)
    if proof and proof != right.hexdigest():
        raise Refusal(100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")
    if not proof and world.temper()["proof_required"]:
        said = "API calls from the server require an appsecret_proof argument"
        raise Refusal(100, said, kind="GraphMethodException")


def find(world: World, call: Call, node: str) -> tuple[str, Any]:
    if account := world.accounts.get(node):
        return ("page" if account.platform == "facebook" else "profile"), account
    if container := world.containers.get(node):
        return "container", container
    for photo in world.photos:
        if photo.id == node and world.photo_exists(photo):
            return "photo", photo
    post = world.post(node)
    shown = can_be_deleted(world, post) if call.method == "DELETE" else world.shows(post)
    if not shown:
        raise missing(call.method, node)
    return ("post" if world.accounts[post.account].platform == "facebook" else "medium"), post


def can_be_deleted(world: World, post: Post) -> bool:
    twice = world.temper(post.account)["delete_again"] == 200
    return not world.hides(post) and (world.exists(post) or twice)


def permitted(world: World, call: Call, kind: str, edge: str) -> Route:
    assert call.account
    knobs, reached = world.temper(call.account.id), {call.account.id, call.account.page}
    require_room(world, call, knobs)
    route = ROUTES.get((call.method, kind, edge))
    if route is None:
        raise no_field(edge) if call.method == "GET" else missing(call.method, call.path)
    if not reached & set(call.token.accounts):
        raise missing(call.method, call.path)
    if route.scope and route.scope not in call.token.scopes:
        raise lacks(route.scope)
    if route.posts and knobs["throttle_posting"]:
        raise BLOCKED
    return route


def require_room(world: World, call: Call, knobs: dict[str, Any]) -> None:
    if world.temper()["app_throttled"]:
        raise BUSY
    assert call.account
    limit, default = knobs["call_limit"], 80001 if call.account.platform == "facebook" else 80002
    if limit and calls_of(world, call.account) > limit:
        raise Refusal(knobs["limit_code"] or default, "There have been too many calls")


def calls_of(world: World, account: Account) -> int:
    since = (world.now() - HOUR).isoformat()
    return sum(each["account"] == account.id and each["at"] > since for each in world.requests) + 1


def usage(world: World, call: Call) -> dict[str, str]:
    """Absent unless asked for, as on quiet accounts. Its form varies (platforms.md D)."""
    if call.account is None:
        return {}
    knobs = world.temper(call.account.id)
    percent, limit = knobs["usage"], knobs["call_limit"]
    if percent is None and limit:
        percent = min(100, round(100 * calls_of(world, call.account) / limit))
    if percent is None:
        return {}
    figures = {"call_count": percent, "total_cputime": 0, "total_time": 0}
    regain = knobs["regain_minutes"] if percent >= 100 else 0
    kind = "pages" if call.account.platform == "facebook" else "instagram"
    case = {"type": kind, **figures, "estimated_time_to_regain_access": regain}
    shaped = {"list": {call.account.id: [case]}, "object": {call.account.id: case}, "bare": case}[knobs["usage_shape"]]
    app = {"X-App-Usage": json.dumps(figures)} if knobs["usage_shape"] == "list" else {}
    return {**app, "X-Business-Use-Case-Usage": json.dumps(shaped)}


def me(world: World, call: Call, edge: str) -> dict[str, Any]:
    reached = [world.accounts[each] for each in call.token.accounts]
    of_pages = [each for each in reached if each.platform == "facebook"]
    if not edge:
        page = of_pages[0] if of_pages and call.token.kind == "page" else None
        return {"id": page.id, "name": page.name} if page else {"id": "7000001", "name": "A person"}
    if call.token.kind == "page":
        raise no_field(edge)
    if edge == "permissions":
        return {"data": [{"permission": scope, "status": "granted"} for scope in call.token.scopes]}
    if edge == "accounts":
        return {"data": [{"id": each.id, "name": each.name, "access_token": call.token.value} for each in of_pages]}
    raise no_field(edge)


def debug_token(world: World, call: Call) -> dict[str, Any]:
    if call.token_value.partition("|")[2] != SECRET:
        raise invalid("You must provide an app access token")
    token = world.tokens.get(call.text("input_token"))
    if token is None or token.broken is not None:
        return {"data": {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "Invalid", "subcode": 467}}}
    ends = int(token.expires_at.timestamp()) if token.expires_at else 0
    kind = {"page": "PAGE", "user": "USER", "system": "SYSTEM_USER"}[token.kind]
    return {
        "data": {"app_id": token.app_id, "type": kind, "is_valid": True, "expires_at": ends, "scopes": token.scopes}
    }
