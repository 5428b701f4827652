"""Instagram: containers, publishing, quota, deleting (platforms.md B, H15 to H22)."""

import re
import time
from datetime import timedelta
from typing import Any

from django.db import transaction

from publishing.sandbox import errors, ids
from publishing.sandbox.calls import Call
from publishing.sandbox.fetching import TooSlow, Unreachable, fetch
from publishing.sandbox.images import Facts, keep, measure
from publishing.sandbox.models import Account, Container, Knob, Picture, Post, Token, now
from publishing.sandbox.shapes import shape

DAY = timedelta(hours=24)
LARGEST = 8 * 1024 * 1024
HASHTAG = re.compile(r"#\w")
MENTION = re.compile(r"(?<![\w.])@\w")


def create_container(call: Call, profile: Account) -> dict[str, Any]:
    kind = kind_of(call)
    require_caption(call.text("caption"))
    if len(call.text("alt_text")) > 1000:
        raise errors.invalid("Param alt_text must be no longer than 1000 characters")
    require_container_room(profile)
    content = carousel(call, profile) if kind == Container.Kind.CAROUSEL else image(call, profile)
    container = Container.objects.create(
        account=profile,
        graph_id=ids.container(),
        kind=kind,
        caption="" if kind == Container.Kind.ITEM else call.text("caption"),
        app_id=call.token.app_id,
        **content,
    )
    return shape(call, container) if call.text("fields") else {"id": container.graph_id}


def kind_of(call: Call) -> str:
    media_type = call.text("media_type").upper()
    if media_type == "CAROUSEL":
        return Container.Kind.CAROUSEL
    if media_type not in {"", "IMAGE"} or call.text("video_url"):
        raise errors.GraphError(100, "The sandbox takes images and carousels of images only", 2207023)
    return Container.Kind.ITEM if call.flag("is_carousel_item", False) else Container.Kind.IMAGE


def require_caption(caption: str) -> None:
    if len(caption) > 2200 or len(HASHTAG.findall(caption)) > 30 or len(MENTION.findall(caption)) > 20:
        raise errors.instagram(36004, 2207010)


def require_container_room(profile: Account) -> None:
    if profile.containers.filter(created_at__gt=now() - DAY).count() >= profile.knobs["container_total"]:
        raise errors.instagram(9, 2207042)


def image(call: Call, profile: Account) -> dict[str, Any]:
    """Fetches the image. A bad one is refused, or becomes a container in ERROR where the knob says so."""
    if not call.text("image_url"):
        raise errors.invalid("The parameter image_url is required")
    try:
        facts = fetched(call.text("image_url"))
        time.sleep(profile.knobs["upload_seconds"])
        return {"alt": call.text("alt_text"), **facts.columns}
    except errors.GraphError as refusal:
        if not profile.knobs["late_image_errors"]:
            raise
        return {"error_subcode": refusal.subcode, "error_text": refusal.message}


def fetched(url: str) -> Facts:
    try:
        data = fetch(url, LARGEST)
    except TooSlow:
        raise errors.instagram(-2, 2207003) from None
    except Unreachable:
        raise errors.instagram(9004, 2207052) from None
    if len(data) > LARGEST:
        raise errors.instagram(36000, 2207004)
    facts = measure(data)
    if facts is None:
        raise errors.instagram(9004, 2207052)
    if facts.format != "JPEG":
        raise errors.instagram(36001, 2207005)
    if not 0.8 <= round(facts.ratio, 3) <= 1.91:
        raise errors.instagram(36003, 2207009)
    keep(data, facts)
    return facts


def carousel(call: Call, profile: Account) -> dict[str, Any]:
    wanted = [str(item) for item in call.listed("children")]
    if not 2 <= len(wanted) <= 10 or len(set(wanted)) < len(wanted):
        raise errors.instagram(100, 2207028)
    for graph_id in wanted:
        require_item(profile.containers.filter(graph_id=graph_id).first())
    return {"items": wanted}


def require_item(container: Container | None) -> None:
    if container is None or container.status == "EXPIRED":
        raise errors.instagram(24, 2207008)
    if container.kind != Container.Kind.ITEM:
        raise errors.instagram(100, 2207028)
    if container.status != "FINISHED":
        raise errors.instagram(9007, 2207027)


def read_container(call: Call, container: Container) -> dict[str, Any]:
    answer = shape(call, container)
    container.count_poll()
    return answer


def publish(call: Call, profile: Account) -> dict[str, Any]:
    """The account's row is locked, so that two calls never publish one container or exceed the quota."""
    restriction = profile.knobs["publish_then_restrict"]
    if restriction == "without":
        raise errors.instagram(4, 2207051)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=profile.pk)
        container = profile.containers.filter(graph_id=call.text("creation_id")).first()
        container = publishable(container)
        if used(profile) >= profile.knobs["quota_total"]:
            raise errors.instagram(9, 2207042)
        post = appear(container)
    if restriction:
        Knob.objects.turn(profile.external_id, publish_then_restrict="without")
        raise errors.instagram(4, 2207051)
    return shape(call, post) if call.text("fields") else {"id": post.graph_id}


def publishable(container: Container | None) -> Container:
    status = container.status if container else "EXPIRED"
    if container is None or status == "EXPIRED":
        raise errors.instagram(24, 2207008)
    if container.kind == Container.Kind.ITEM:
        raise errors.invalid("A carousel item cannot be published by itself")
    if status == "PUBLISHED":
        refuse_second(container.account.knobs["publish_twice"])
    elif status != "FINISHED":
        raise errors.instagram(9007, 2207027)
    return container


def refuse_second(way: str) -> None:
    """What happens here is documented nowhere (H18). Way c refuses nothing."""
    if way == "b":
        raise errors.instagram(24, 2207006)
    if way != "c":
        raise errors.instagram(9007, 2207027)


def appear(container: Container) -> Post:
    post = Post.objects.create(
        account=container.account,
        graph_id=ids.media(),
        text=container.caption,
        app_id=container.app_id,
        published_at=now(),
    )
    for place, source in enumerate(sources(container)):
        add_picture(post, place, source)
    Container.objects.filter(graph_id__in=[container.graph_id, *container.items]).update(published_at=now())
    return post


def sources(container: Container) -> list[Container]:
    if not container.items:
        return [container]
    items = {item.graph_id: item for item in Container.objects.filter(graph_id__in=container.items)}
    return [items[graph_id] for graph_id in container.items]


def add_picture(post: Post, place: int, source: Container) -> None:
    Picture.objects.create(
        account=post.account,
        post=post,
        position=place,
        graph_id=ids.media(),
        sha256=source.sha256,
        mime=source.mime,
        width=source.width,
        height=source.height,
        alt=source.alt,
        app_id=source.app_id,
    )


def used(profile: Account) -> int:
    """Posts of the last 24 hours. Deleted ones count (B4)."""
    return profile.posts.filter(published_at__gt=now() - DAY).count()


def publishing_limit(call: Call, profile: Account) -> dict[str, Any]:
    figures: dict[str, Any] = {"quota_usage": used(profile)}
    if "config" in call.text("fields"):
        figures["config"] = {"quota_total": profile.knobs["quota_total"], "quota_duration": 86400}
    return {"data": [figures]}


def delete_media(call: Call, post: Post) -> dict[str, Any]:
    knobs = post.account.knobs
    if knobs["delete_needs_user"] and call.token.kind == Token.Kind.PAGE:
        raise errors.GraphError(10, "(#10) Deleting media requires a User access token.")
    if knobs["delete_refused"]:
        raise errors.instagram(-1, knobs["delete_refused"])
    if not Knob.objects.spend(post.account.external_id, "delete_without_effect") and not post.remove():
        raise errors.missing(call.method, post.graph_id)
    return {"success": True, "deleted_id": post.graph_id}


def delete_item(call: Call, picture: Picture) -> dict[str, Any]:
    raise errors.instagram(-1, 2207073)
