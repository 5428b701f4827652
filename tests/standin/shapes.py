"""What things look like when they are read: only the fields that were asked for, and `id`."""

import unicodedata
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.standin.asking import Call
from tests.standin.refusals import no_field
from tests.standin.world import Account, Container, Photo, Post, World

EXPLAINED = {
    "PUBLISHED": "Published: Media has been successfully published.",
    "EXPIRED": "Expired",
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
}
ABSENT = object()
"""A field that is known and has no value: it is left out, and null where the temper says so."""


def shape(world: World, call: Call, thing: Any, default: str = "id", asked: str = "") -> dict[str, Any]:
    known = fields_of(world, call, thing)
    shown = {}
    for name in names(asked or call.text("fields") or default):
        if name not in known:
            raise no_field(name)
        if known[name] is not ABSENT:
            shown[name] = known[name]
    return {**shown, "id": known["id"]}


def names(asked: str) -> list[str]:
    """The outermost ones: `a,b{c,d},e` asks for a, b and e."""
    depth, found = 0, [""]
    for sign in asked:
        depth += (sign == "{") - (sign == "}")
        if sign == "," and depth == 0:
            found.append("")
        elif depth == 0 and sign != "}":
            found[-1] += sign
    return [name.partition(".")[0].strip() for name in found if name.strip()]


def fields_of(world: World, call: Call, thing: Any) -> dict[str, Any]:
    if isinstance(thing, Account):
        return page(world, call, thing) if thing.platform == "facebook" else profile(world, thing)
    if isinstance(thing, Post):
        return (
            story(world, call, thing) if world.accounts[thing.account].platform == "facebook" else medium(world, thing)
        )
    return container(world, thing) if isinstance(thing, Container) else photo(world, thing)


def page(world: World, call: Call, of: Account) -> dict[str, Any]:
    linked = next((each for each in world.accounts.values() if each.page == of.id), None)
    business = {"id": linked.id, "username": linked.username} if linked else ABSENT
    return {
        "id": of.id, "name": of.name, "username": of.username or ABSENT, "category": "Local business",
        "access_token": call.token_value, "instagram_business_account": business, "fan_count": 0,
        "followers_count": 0, "is_published": True, "link": f"https://www.facebook.com/{of.id}",
        "tasks": ["ANALYZE", "ADVERTISE", "MODERATE", "CREATE_CONTENT", "MANAGE"],
    }  # fmt: skip


def profile(world: World, of: Account) -> dict[str, Any]:
    public = sum(world.is_public(post) for post in world.posts if post.account == of.id)
    return {
        "id": of.id, "ig_id": of.id, "name": of.name, "username": of.username or of.name, "media_count": public,
        "biography": ABSENT, "followers_count": 0, "follows_count": 0, "profile_picture_url": ABSENT, "website": ABSENT,
    }  # fmt: skip


def story(world: World, call: Call, post: Post) -> dict[str, Any]:
    knobs = world.temper(post.account)
    listed = "/" in call.path
    scheduled = post.published_at and post.published_at > world.now()
    return {
        "id": post.id.rpartition("_")[2] if knobs["bare_ids"] and not listed and call.method == "GET" else post.id,
        "message": words(post.text, knobs),
        "created_time": moment(post.appeared_at, knobs),
        "updated_time": moment(post.appeared_at, knobs),
        "permalink_url": address(post, "https://www.facebook.com", f"/{post.account}/posts/{post.id[-14:]}", knobs),
        "is_published": shows_as_published(world, post, knobs),
        "is_hidden": False,
        "scheduled_publish_time": int(post.appeared_at.timestamp()) if scheduled else ABSENT,
        "status_type": "added_photos" if post.images else "mobile_status_update",
        "application": {"id": post.app_id, "name": "An app", "link": "/"} if knobs["application"] else ABSENT,
        "from": {"id": post.account, "name": world.accounts[post.account].name},
        "attachments": attachments(post) if knobs["attachments"] and post.images else ABSENT,
        "full_picture": f"https://scontent.example/{post.id}.jpg" if post.images else ABSENT,
    }


def shows_as_published(world: World, post: Post, knobs: dict[str, Any]) -> bool:
    fresh = post.published_at and world.now() < post.published_at + timedelta(seconds=knobs["read_lag"])
    return world.is_public(post) and not fresh


def attachments(post: Post) -> dict[str, Any]:
    inner = [{"type": "photo", "target": {"id": f"{post.id}-{place}"}} for place in range(post.images)]
    if len(inner) == 1:
        return {"data": [{**inner[0], "media": {"image": {"src": "https://scontent.example/1.jpg"}}}]}
    return {"data": [{"type": "album", "target": {"id": post.id}, "subattachments": {"data": inner}}]}


def medium(world: World, post: Post) -> dict[str, Any]:
    knobs = world.temper(post.account)
    items = [{"id": f"{post.id}{place}"} for place in range(post.images)]
    return {
        "id": post.id, "ig_id": post.id, "caption": words(post.text, knobs),
        "timestamp": moment(post.appeared_at, knobs),
        "permalink": address(post, "https://www.instagram.com", f"/p/{post.id[-8:]}/", knobs),
        "media_type": "CAROUSEL_ALBUM" if post.images > 1 else "IMAGE", "media_product_type": "FEED",
        "media_url": f"https://scontent.example/{post.id}.jpg", "username": world.accounts[post.account].username,
        "owner": {"id": post.account}, "children": {"data": items} if post.images > 1 else ABSENT,
        "thumbnail_url": ABSENT, "alt_text": ABSENT, "is_comment_enabled": True, "like_count": 0, "comments_count": 0,
    }  # fmt: skip


def photo(world: World, of: Photo) -> dict[str, Any]:
    story_id = of.post.id if of.post else ABSENT
    made = moment(of.made_at, world.temper(of.account))
    return {
        "id": of.id, "created_time": made, "alt_text": of.alt or ABSENT, "alt_text_custom": of.alt or ABSENT,
        "page_story_id": story_id, "picture": f"https://scontent.example/{of.id}.jpg", "name": ABSENT,
        "images": [], "width": 800, "height": 800, "link": f"https://www.facebook.com/{of.id}",
    }  # fmt: skip


def container(world: World, of: Container) -> dict[str, Any]:
    code = status(world, of)
    said = f"Error: Media upload has failed with error code {of.error[0]}" if of.error else ""
    return {"id": of.id, "status_code": code, "status": said if code == "ERROR" else EXPLAINED[code]}


def status(world: World, of: Container) -> str:
    knobs, now = world.temper(of.account), world.now()
    if of.published_at and now >= of.published_at + timedelta(seconds=knobs["container_lag"]):
        return "PUBLISHED"
    if now >= of.made_at + timedelta(hours=24):
        return "EXPIRED"
    if of.polls < knobs["in_progress_polls"] or now < of.made_at + timedelta(seconds=knobs["processing_seconds"]):
        return "IN_PROGRESS"
    return "ERROR" if of.error else "FINISHED"


def words(text: str, knobs: dict[str, Any]) -> Any:
    if not text:
        return {"absent": ABSENT, "empty": "", "null": None}[knobs["empty_words"]]
    return {
        "as_sent": text,
        "crlf": text.replace("\n", "\r\n"),
        "trimmed": "\n".join(" ".join(line.split()) for line in text.strip().splitlines()),
        "nfc": unicodedata.normalize("NFC", text),
        "hard_spaces": text.replace("  ", " \u00a0"),
    }[knobs["words"]]


def moment(at: datetime, knobs: dict[str, Any]) -> str:
    told = (at + timedelta(seconds=knobs["date_skew"])).replace(microsecond=0)
    if knobs["moments"] == "Z":
        return told.strftime("%Y-%m-%dT%H:%M:%SZ")
    zone = timezone(timedelta(hours=2)) if knobs["moments"] == "+02:00" else timezone.utc  # noqa: UP017
    told = told.astimezone(zone)
    return told.isoformat() if knobs["moments"] == "+02:00" else told.strftime("%Y-%m-%dT%H:%M:%S%z")


def address(post: Post, host: str, path: str, knobs: dict[str, Any]) -> Any:
    elsewhere = f"{host}/permalink.php?story_fbid=pfbid0{post.id[::-1]}"
    return {"whole": host + path, "relative": path, "absent": ABSENT, "elsewhere": elsewhere}[knobs["permalinks"]]
