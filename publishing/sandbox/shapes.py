"""Objects as JSON: only the fields that were asked for, and the id (H6)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from publishing.sandbox import errors
from publishing.sandbox.calls import Call
from publishing.sandbox.models import Account, Container, Picture, Post, Token

Field = Callable[[Call, Any, str], Any]
"""Takes the call, the object, and what stood in braces after the field's name. None leaves the field out."""


def timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def timestamp_number(moment: datetime) -> int:
    return int(moment.timestamp())


def shape(call: Call, thing: Any, default: str = "id", asked: str | None = None) -> dict[str, Any]:
    """Raises the error of the real one for a field that the kind of object does not have."""
    name, fields = kind_of(thing)
    asked = call.text("fields") if asked is None else asked
    answer = {}
    for field, inner in wanted(asked or default):
        if field not in fields:
            raise errors.no_field(field, name)
        value = fields[field](call, thing, inner)
        if value is not None:
            answer[field] = value
    return {**answer, "id": fields["id"](call, thing, "")}


def wanted(asked: str) -> list[tuple[str, str]]:
    """`id,children{id,media_url}` becomes [("id", ""), ("children", "id,media_url")]. Modifiers are dropped."""
    parts, depth, current = [], 0, ""
    for letter in asked + ",":
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += letter
    return [split(part) for part in parts if part]


def split(part: str) -> tuple[str, str]:
    name, _, inner = part.partition("{")
    return name.partition(".")[0].strip(), inner.rpartition("}")[0]


def linked_profile(call: Call, page: Account, inner: str) -> dict[str, Any] | None:
    profile = page.profiles.first()
    return shape(call, profile, asked=inner or "id") if profile else None


def scheduled_for(post: Post) -> int | None:
    return timestamp_number(post.published_at) if post.published_at and post.is_scheduled else None


def attachments(call: Call, post: Post, inner: str) -> dict[str, Any] | None:
    photos = [attached(call, picture) for picture in post.pictures.all()]
    if len(photos) > 1:
        return {"data": [{"type": "album", "subattachments": {"data": photos}}]}
    if post.link:
        photos.append({"type": "share", "url": post.link, "unshimmed_url": post.link})
    return {"data": photos} if photos else None


def attached(call: Call, picture: Picture) -> dict[str, Any]:
    image = {"src": call.absolute(picture.url), "width": picture.width, "height": picture.height}
    return {"type": "photo", "media": {"image": image}, "target": {"id": picture.graph_id}, "description": picture.alt}


def first_picture(call: Call, post: Post) -> str | None:
    picture = post.pictures.first()
    return call.absolute(picture.url) if picture else None


def children(call: Call, post: Post, inner: str) -> dict[str, Any] | None:
    pictures = list(post.pictures.all())
    if len(pictures) < 2:
        return None
    return {"data": [shape(call, picture, asked=inner or "id") for picture in pictures]}


PAGE: Mapping[str, Field] = {
    "id": lambda call, page, _: page.external_id,
    "name": lambda call, page, _: page.name,
    "username": lambda call, page, _: page.username or None,
    "link": lambda call, page, _: call.absolute(page.get_absolute_url()),
    "category": lambda call, page, _: "Local business",
    "access_token": lambda call, page, _: Token.objects.for_page(page, call.token).value,
    "instagram_business_account": linked_profile,
    "connected_instagram_account": linked_profile,
    "fan_count": lambda call, page, _: 0,
    "followers_count": lambda call, page, _: 0,
    "is_published": lambda call, page, _: True,
    "tasks": lambda call, page, _: ["ANALYZE", "ADVERTISE", "MODERATE", "CREATE_CONTENT", "MANAGE"],
}
PROFILE: Mapping[str, Field] = {
    "id": lambda call, profile, _: profile.external_id,
    "ig_id": lambda call, profile, _: profile.external_id,
    "name": lambda call, profile, _: profile.name,
    "username": lambda call, profile, _: profile.handle,
    "biography": lambda call, profile, _: "",
    "followers_count": lambda call, profile, _: 0,
    "follows_count": lambda call, profile, _: 0,
    "media_count": lambda call, profile, _: profile.posts.public().count(),
    "profile_picture_url": lambda call, profile, _: None,
    "website": lambda call, profile, _: None,
}
POST: Mapping[str, Field] = {
    "id": lambda call, post, _: post.graph_id,
    "message": lambda call, post, _: post.text or None,
    "created_time": lambda call, post, _: timestamp(post.appeared_at),
    "updated_time": lambda call, post, _: timestamp(post.appeared_at),
    "permalink_url": lambda call, post, _: call.absolute(post.get_absolute_url()),
    "is_published": lambda call, post, _: post.is_public,
    "is_hidden": lambda call, post, _: False,
    "scheduled_publish_time": lambda call, post, _: scheduled_for(post),
    "status_type": lambda call, post, _: "added_photos" if post.pictures.exists() else "mobile_status_update",
    "application": lambda call, post, _: {"id": post.app_id, "name": "Sophia sandbox"} if post.app_id else None,
    "from": lambda call, post, _: {"name": post.account.name, "id": post.account.external_id},
    "attachments": attachments,
    "full_picture": lambda call, post, _: first_picture(call, post),
}
PHOTO: Mapping[str, Field] = {
    "id": lambda call, photo, _: photo.graph_id,
    "created_time": lambda call, photo, _: timestamp(photo.created_at),
    "alt_text": lambda call, photo, _: photo.alt or None,
    "alt_text_custom": lambda call, photo, _: photo.alt or None,
    "images": lambda call, photo, _: [attached(call, photo)["media"]["image"]],
    "picture": lambda call, photo, _: call.absolute(photo.url),
    "width": lambda call, photo, _: photo.width,
    "height": lambda call, photo, _: photo.height,
    "page_story_id": lambda call, photo, _: photo.post and photo.post.graph_id,
}
MEDIA: Mapping[str, Field] = {
    "id": lambda call, post, _: post.graph_id,
    "ig_id": lambda call, post, _: post.graph_id,
    "caption": lambda call, post, _: post.text or None,
    "timestamp": lambda call, post, _: timestamp(post.appeared_at),
    "permalink": lambda call, post, _: call.absolute(post.get_absolute_url()),
    "media_type": lambda call, post, _: "CAROUSEL_ALBUM" if post.pictures.count() > 1 else "IMAGE",
    "media_product_type": lambda call, post, _: "FEED",
    "media_url": lambda call, post, _: first_picture(call, post),
    "alt_text": lambda call, post, _: post.pictures.first().alt or None,
    "username": lambda call, post, _: post.account.handle,
    "owner": lambda call, post, _: {"id": post.account.external_id},
    "children": children,
    "is_comment_enabled": lambda call, post, _: True,
    "like_count": lambda call, post, _: 0,
    "comments_count": lambda call, post, _: 0,
}
ITEM: Mapping[str, Field] = {
    "id": lambda call, item, _: item.graph_id,
    "media_type": lambda call, item, _: "IMAGE",
    "media_url": lambda call, item, _: call.absolute(item.url),
    "timestamp": lambda call, item, _: timestamp(item.created_at),
    "alt_text": lambda call, item, _: item.alt or None,
    "username": lambda call, item, _: item.account.handle,
}
CONTAINER: Mapping[str, Field] = {
    "id": lambda call, container, _: container.graph_id,
    "status_code": lambda call, container, _: container.status,
    "status": lambda call, container, _: container.explanation,
}


def kind_of(thing: Any) -> tuple[str, Mapping[str, Field]]:
    """The name of the kind as errors tell it, and its fields."""
    if isinstance(thing, Container):
        return "IGContainer", CONTAINER
    if isinstance(thing, Account):
        return ("Page", PAGE) if thing.platform == "facebook" else ("IGUser", PROFILE)
    if isinstance(thing, Post):
        return ("PagePost", POST) if thing.account.platform == "facebook" else ("IGMedia", MEDIA)
    return ("Photo", PHOTO) if thing.account.platform == "facebook" else ("IGMedia", ITEM)
