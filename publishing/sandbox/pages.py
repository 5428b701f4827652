"""Facebook Pages: posts and photos (platforms.md A, H8 to H14)."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from publishing.sandbox import errors, ids
from publishing.sandbox.calls import Call
from publishing.sandbox.fetching import Unreachable, fetch
from publishing.sandbox.images import Facts, keep, measure
from publishing.sandbox.models import Account, Knob, Picture, Post, Token, now
from publishing.sandbox.shapes import shape

LONGEST = 63_206
LARGEST = 10 * 1024 * 1024
SOONEST = timedelta(minutes=10)


def create_post(call: Call, page: Account) -> dict[str, Any]:
    require_page_token(call)
    text, link = call.text("message"), call.text("link")
    require_words(text)
    require_address(link)
    when = publishing_time(call, page)
    photos = [photo_id(item) for item in call.listed("attached_media")]
    if not (text.strip() or link or photos):
        raise errors.invalid("Missing message or attachment")
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=page.pk)
        refuse_duplicate(page, text)
        post = add_post(call, locked, text=text, link=link, published_at=when)
        attach(call, post, photos)
    return shape(call, post) if call.text("fields") else {"id": post.graph_id}


def require_page_token(call: Call) -> None:
    if call.token.kind != Token.Kind.PAGE:
        raise errors.GraphError(200, "(#200) Unpublished posts must be posted to a page as the page itself")


def require_words(text: str) -> None:
    if len(text) > LONGEST:
        raise errors.invalid(f"Param message is not valid: Name parameter too long, {LONGEST} characters at most")


def require_address(link: str) -> None:
    if link and not link.lower().startswith(("http://", "https://")):
        raise errors.invalid("The url you supplied is invalid", 2061006)


def publishing_time(call: Call, page: Account) -> datetime | None:
    """Now, the scheduled time, or None for an invisible post."""
    published, planned = call.flag("published", True), call.moment("scheduled_publish_time")
    if not planned:
        return now() if published else None
    if published:
        raise errors.invalid("You cannot specify a scheduled publish time on a published post")
    require_window(planned, page)
    return planned


def require_window(planned: datetime, page: Account) -> None:
    latest = timedelta(days=page.knobs["schedule_days"])
    if not SOONEST <= planned - now() <= latest:
        raise errors.invalid(
            f"The specified scheduled publish time is invalid: it must be 10 minutes to {latest.days} days from now"
        )


def photo_id(item: Any) -> str:
    found = item.get("media_fbid") if isinstance(item, dict) else None
    if not found:
        raise errors.invalid("Param attached_media must be a list of objects with media_fbid")
    return str(found)


def refuse_duplicate(page: Account, text: str) -> None:
    latest = page.posts.public().newest_first().first()
    if page.knobs["duplicate_check"] and text and latest and latest.text == text:
        raise errors.GraphError(506, "(#506) Duplicate status message")


def add_post(call: Call, page: Account, **content: Any) -> Post:
    return Post.objects.create(account=page, graph_id=ids.page_post(page), app_id=call.token.app_id, **content)


def attach(call: Call, post: Post, photos: list[str]) -> None:
    """Unknown, somebody else's and used photos are refused, and then there is no post either."""
    for place, graph_id in enumerate(photos):
        picture = Picture.objects.filter(graph_id=graph_id, account=post.account, deleted_at=None).first()
        if picture is None:
            raise errors.invalid(f"Param attached_media[{place}] has an unknown media_fbid: {graph_id}")
        if picture.post_id:
            raise errors.invalid("The photo was already posted", 1366051)
        picture.post, picture.position = post, place
        picture.save(update_fields=["post", "position"])


def create_photo(call: Call, page: Account) -> dict[str, Any]:
    require_page_token(call)
    text = call.text("caption") or call.text("message") or call.text("name")
    require_words(text)
    when = publishing_time(call, page)
    facts = received_photo(call)
    time.sleep(page.knobs["upload_seconds"])
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=page.pk)
        picture = add_photo(call, locked, facts)
        if when:
            picture.post = add_post(call, locked, text=text, published_at=when)
            picture.save(update_fields=["post"])
    answer = {"id": picture.graph_id} | ({"post_id": picture.post.graph_id} if picture.post else {})
    return {**shape(call, picture), **answer} if call.text("fields") else answer


def received_photo(call: Call) -> Facts:
    data = photo_bytes(call)
    if len(data) >= LARGEST:
        raise errors.GraphError(100, "(#100) The photo must be smaller than 10 MB", 1366046)
    facts = measure(data)
    if facts is None:
        raise errors.GraphError(324, "(#324) Missing or invalid image file", 2069019)
    keep(data, facts)
    return facts


def photo_bytes(call: Call) -> bytes:
    if upload := call.files.get("source"):
        return upload.read()
    if not call.text("url"):
        raise errors.GraphError(324, "(#324) Missing or invalid image file")
    try:
        return fetch(call.text("url"), LARGEST)
    except Unreachable:
        raise errors.GraphError(324, "(#324) Missing or invalid image file", 2069019) from None


def add_photo(call: Call, page: Account, facts: Facts) -> Picture:
    alt = call.text("alt_text_custom")
    app_id = call.token.app_id
    return Picture.objects.create(account=page, graph_id=ids.photo(), alt=alt, app_id=app_id, **facts.columns)


def change_post(call: Call, post: Post) -> dict[str, Any]:
    require_own(call, post)
    changes: dict[str, Any] = {}
    if "message" in call.params:
        require_words(call.text("message"))
        changes["text"] = call.text("message")
    if planned := call.moment("scheduled_publish_time"):
        changes["published_at"] = rescheduled(post, planned)
    if "is_published" in call.params:
        changes |= publication(call, post)
    if changes:
        post.change(**changes)
    return {"success": True}


def rescheduled(post: Post, planned: datetime) -> datetime:
    if post.is_public:
        raise errors.invalid("A published post cannot be scheduled")
    require_window(planned, post.account)
    return planned


def publication(call: Call, post: Post) -> dict[str, Any]:
    """What `is_published` changes. Publishing again changes nothing and is fine; taking back is not offered."""
    if not post.account.knobs["two_step"]:
        raise errors.invalid("Param is_published is not supported for this post")
    if not call.flag("is_published", True):
        raise errors.invalid("A post cannot be unpublished")
    return {} if post.is_public else {"published_at": now()}


def require_own(call: Call, post: Post | Picture) -> None:
    """Posts of another app can be read, never changed or deleted (A6, A7)."""
    knobs = post.account.knobs
    if post.app_id == call.token.app_id and not knobs["foreign_app"]:
        return
    raise errors.page_denied() if knobs["foreign_refusal"] == 200 else errors.missing(call.method, post.graph_id)


def delete_post(call: Call, post: Post) -> dict[str, Any]:
    require_own(call, post)
    if Knob.objects.spend(post.account.external_id, "delete_without_effect"):
        return {"success": True}
    if not post.remove():
        raise errors.missing(call.method, post.graph_id)
    return {"success": True}


def delete_photo(call: Call, picture: Picture) -> dict[str, Any]:
    require_own(call, picture)
    picture.remove()
    return {"success": True}
