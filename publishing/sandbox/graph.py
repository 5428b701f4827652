"""The door of the stand-in: one view for every node and edge of the Graph API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from publishing.sandbox import errors, faults, lists, pages, profiles, tokens, usage
from publishing.sandbox.calls import Call
from publishing.sandbox.models import Account, Container, Fault, Knob, Picture, Post, Request, now
from publishing.sandbox.shapes import shape


class Route(NamedTuple):
    handler: Callable[[Call, Any], dict[str, Any]]
    scope: str = ""


def read(call: Call, thing: Any) -> dict[str, Any]:
    return shape(call, thing, default="name,id" if isinstance(thing, Account) else "id")


def read_post(call: Call, post: Post) -> dict[str, Any]:
    return shape(call, post, default=lists.FACEBOOK_FIELDS)


READ, FEED, POST = "pages_read_engagement", "pages_read_user_content", "pages_manage_posts"
IG, IG_PUBLISH, IG_DELETE = "instagram_basic", "instagram_content_publish", "instagram_manage_contents"

ROUTES: dict[tuple[str, str, str], Route] = {
    ("GET", "page", ""): Route(read),
    ("GET", "page", "feed"): Route(lists.feed, FEED),
    ("GET", "page", "posts"): Route(lists.feed, READ),
    ("GET", "page", "published_posts"): Route(lists.published_posts, READ),
    ("GET", "page", "scheduled_posts"): Route(lists.scheduled_posts, READ),
    ("GET", "page", "ads_posts"): Route(lists.ads_posts, READ),
    ("GET", "page", "promotable_posts"): Route(lists.promotable_posts, READ),
    ("POST", "page", "feed"): Route(pages.create_post, POST),
    ("POST", "page", "photos"): Route(pages.create_photo, POST),
    ("GET", "post", ""): Route(read_post, READ),
    ("POST", "post", ""): Route(pages.change_post, POST),
    ("DELETE", "post", ""): Route(pages.delete_post, POST),
    ("GET", "photo", ""): Route(read, READ),
    ("DELETE", "photo", ""): Route(pages.delete_photo, POST),
    ("GET", "profile", ""): Route(read, IG),
    ("GET", "profile", "media"): Route(lists.media, IG),
    ("GET", "profile", "content_publishing_limit"): Route(profiles.publishing_limit, IG_PUBLISH),
    ("POST", "profile", "media"): Route(profiles.create_container, IG_PUBLISH),
    ("POST", "profile", "media_publish"): Route(profiles.publish, IG_PUBLISH),
    ("GET", "container", ""): Route(profiles.read_container, IG),
    ("GET", "media", ""): Route(read, IG),
    ("DELETE", "media", ""): Route(profiles.delete_media, IG_DELETE),
    ("GET", "item", ""): Route(read, IG),
    ("DELETE", "item", ""): Route(profiles.delete_item, IG_DELETE),
}


@csrf_exempt
def graph(request: HttpRequest, path: str, version: str = "") -> HttpResponse:
    call = Call(request, path, version)
    row = Request.objects.create(
        method=call.method, path=call.path[:300], version=version, params=call.harmless, token_in=call.token_in
    )
    if fault := Fault.objects.take(call.method, call.path, Fault.When.BEFORE):
        return suffer(fault, row, request)
    Post.objects.bring_back()
    try:
        content = answer(call, row)
    except errors.GraphError as refusal:
        return refused(call, row, refusal)
    fault = Fault.objects.take(call.method, call.path, Fault.When.AFTER)
    if call.path.endswith("/photos") and (fault or faults.has_hung_up(request)):
        Picture.objects.filter(graph_id=content.get("id")).update(answered=False)
    if fault:
        return suffer(fault, row, request)
    return noted(row, finished(call, JsonResponse(content)))


def answer(call: Call, row: Request) -> dict[str, Any]:
    node, _, edge = call.path.partition("/")
    if call.path == "debug_token" and call.method == "GET":
        return tokens.debug_token(call)
    call.token = tokens.authenticate(call)
    if node == "me":
        return tokens.me(call, edge)
    kind, thing = find(call, node)
    call.account = thing if isinstance(thing, Account) else thing.account
    Request.objects.filter(pk=row.pk).update(account=call.account.external_id)
    usage.require_room(call.account)
    usage.require_posting(call)
    route = ROUTES.get((call.method, kind, edge))
    if route is None:
        raise errors.no_field(edge, kind) if call.method == "GET" else errors.missing(call.method, node)
    require_reach(call, kind, node)
    tokens.require_scope(call.token, route.scope)
    return route.handler(call, thing)


def find(call: Call, node: str) -> tuple[str, Any]:
    """What this id stands for, and the thing itself."""
    if account := Account.objects.filter(external_id=node).first():
        return ("page" if account.platform == "facebook" else "profile"), account
    post = Post.objects.select_related("account").filter(graph_id=node).first()
    if post and is_shown(call, post):
        return ("post" if post.account.platform == "facebook" else "media"), post
    if container := Container.objects.select_related("account").filter(graph_id=node).first():
        return "container", container
    if picture := living_picture(node):
        return ("photo" if picture.account.platform == "facebook" else "item"), picture
    raise errors.missing(call.method, node)


def is_shown(call: Call, post: Post) -> bool:
    if post.is_hidden:
        return False
    return post.deleted_at is None or (call.method == "GET" and lags(post))


def living_picture(node: str) -> Picture | None:
    picture = Picture.objects.select_related("account", "post").filter(graph_id=node).first()
    return picture if picture and picture.is_there else None


def lags(post: Post) -> bool:
    return post.deleted_at is not None and (now() - post.deleted_at).total_seconds() < post.account.knobs["delete_lag"]


def require_reach(call: Call, kind: str, node: str) -> None:
    assert call.account
    if call.token.reaches(call.account):
        return
    raise errors.page_denied() if (kind, call.method) == ("page", "POST") else errors.missing(call.method, node)


def suffer(fault: Fault, row: Request, request: HttpRequest) -> HttpResponse:
    """Everything is in the database before the fault acts."""
    Request.objects.filter(pk=row.pk).update(fault=fault.kind)
    response = faults.act(fault, request)
    if fault.kind in faults.SILENT:
        return response
    if error := faults.error_of(fault):
        row.code, row.subcode = error.code, error.subcode
    return noted(row, response)


def refused(call: Call, row: Request, refusal: errors.GraphError) -> HttpResponse:
    row.code, row.subcode = refusal.code, refusal.subcode
    response = JsonResponse(refusal.as_json(), status=refusal.status)
    response["WWW-Authenticate"] = refusal.challenge
    return noted(row, finished(call, response))


def finished(call: Call, response: HttpResponse) -> HttpResponse:
    for name, value in {**usage.headers(call), **dated()}.items():
        response[name] = value
    return response


def dated() -> dict[str, str]:
    """The server's own clock is told by the server: this one only where it differs."""
    knobs = Knob.objects.for_account()
    if not knobs["clock"] and not knobs["date_skew"]:
        return {}
    return {"Date": http_date((now() + timedelta(seconds=knobs["date_skew"])).timestamp())}


def noted(row: Request, response: HttpResponse) -> HttpResponse:
    facts = {"status": response.status_code, "code": row.code, "subcode": row.subcode}
    Request.objects.filter(pk=row.pk).update(**facts)
    return response
