"""Instagram accounts: containers, publishing, quota, deleting (platforms.md B)."""

import io
import re
from datetime import timedelta
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.standin.asking import Call
from tests.standin.fetching import Unreachable, fetch
from tests.standin.refusals import CAROUSEL, EXPIRED, NOT_FOUND, NOT_READY, QUOTA, RESTRICTED, Refusal, invalid, missing
from tests.standin.shapes import shape, status
from tests.standin.world import Account, Container, Post, World

DAY, LARGEST = timedelta(hours=24), 8 * 2**20
HASHTAG, MENTION = re.compile(r"#\w"), re.compile(r"(?<![\w.])@\w")


def take_image(world: World, call: Call, profile: Account) -> None:
    """Before the lock is held. What is wrong with it is told now, or by the container later."""
    if call.text("media_type") == "CAROUSEL":
        return
    try:
        require_image(call.text("image_url"))
    except Refusal as refusal:
        if not world.temper(profile.id)["late_image_errors"]:
            raise
        call.trouble = (refusal.subcode, refusal.message)


def require_image(address: str) -> None:
    if not address:
        raise invalid("The parameter image_url is required")
    try:
        data = fetch(address, LARGEST)
    except Unreachable:
        raise Refusal(9004, "Only photo or video can be accepted as media type.", 2207052) from None
    if len(data) > LARGEST:
        raise Refusal(36000, "The image size is too large.", 2207004)
    width, height = measured(data)
    if not 0.8 <= round(width / height, 3) <= 1.91:
        raise Refusal(36003, "The submitted image has an invalid aspect ratio.", 2207009)


def measured(data: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            kind, size = picture.format, picture.size
    except (UnidentifiedImageError, OSError):
        raise Refusal(9004, "Only photo or video can be accepted as media type.", 2207052) from None
    if kind != "JPEG":
        raise Refusal(36001, "The image format is not supported.", 2207005)
    return size


def create_container(world: World, call: Call, profile: Account) -> dict[str, Any]:
    caption, kind = call.text("caption"), call.text("media_type").upper()
    if kind not in {"", "IMAGE", "CAROUSEL"}:
        raise Refusal(100, "Unknown media type", 2207023)
    if len(caption) > 2200 or len(HASHTAG.findall(caption)) > 30 or len(MENTION.findall(caption)) > 20:
        raise Refusal(36004, "The caption is too long.", 2207010)
    recent = [each for each in world.containers.values() if each.account == profile.id and fresh(world, each.made_at)]
    if len(recent) >= world.temper(profile.id)["container_total"]:
        raise QUOTA
    items = children(world, call, profile) if kind == "CAROUSEL" else []
    kind = kind.lower() if items else "item" if call.flag("is_carousel_item", False) else "image"
    made = Container(profile.id, world.number("180"), kind, caption, call.token.app_id, world.now())
    made.items, made.alt, made.error = items, call.text("alt_text"), call.trouble
    world.containers[made.id] = made
    return shape(world, call, made)


def fresh(world: World, at: Any) -> bool:
    return bool(at and at > world.now() - DAY)


def children(world: World, call: Call, profile: Account) -> list[str]:
    wanted = [str(each) for each in call.items("children")]
    if not 2 <= len(wanted) <= 10:
        raise CAROUSEL
    for each in wanted:
        found = world.containers.get(each)
        if found is None or found.account != profile.id or status(world, found) == "EXPIRED":
            raise EXPIRED
        if found.kind != "item":
            raise CAROUSEL
        if status(world, found) != "FINISHED":
            raise NOT_READY
    return wanted


def read_container(world: World, call: Call, container: Container) -> dict[str, Any]:
    """What becomes of one that was published is documented, that it can still be read is not (B2)."""
    if status(world, container) == "PUBLISHED" and world.temper(container.account)["container_after"] == "gone":
        raise missing("get", container.id)
    answer = shape(world, call, container)
    container.polls += 1
    return answer


def publish(world: World, call: Call, profile: Account) -> dict[str, Any]:
    knobs, container = world.temper(profile.id), publishable(world, call.text("creation_id"), profile)
    if knobs["publish_then_restrict"] == "without":
        raise RESTRICTED
    enforced = knobs["quota_enforced"] if knobs["quota_enforced"] is not None else knobs["quota_total"]
    if used(world, profile) >= enforced:
        raise QUOTA
    post = appear(world, call, container)
    if knobs["publish_then_restrict"] == "with":
        world.turn(profile.id, {"publish_then_restrict": "without"})
        raise RESTRICTED
    return shape(world, call, post)


def publishable(world: World, wanted: str, profile: Account) -> Container:
    container, knobs = world.containers.get(wanted), world.temper(profile.id)
    if container is None or container.account != profile.id or status(world, container) == "EXPIRED":
        raise EXPIRED
    if container.published_at and knobs["publish_twice"] != "c":
        raise NOT_READY if knobs["publish_twice"] == "a" else NOT_FOUND
    if container.kind == "item":
        raise invalid("A carousel item cannot be published")
    if not container.published_at and status(world, container) != "FINISHED":
        raise NOT_READY
    if container.lies < knobs["ready_lies"]:
        container.lies += 1
        raise NOT_FOUND
    return container


def appear(world: World, call: Call, container: Container) -> Post:
    post = Post(container.account, world.number("179"), container.caption, container.app_id, world.now())
    post.pictures = len(container.items) or 1
    post.publish(world.now())
    container.published_at = world.now()
    for each in container.items:
        world.containers[each].published_at = world.now()
    world.posts.append(post)
    return post


def used(world: World, profile: Account) -> int:
    frees = world.temper(profile.id)["quota_frees"]
    own = [post for post in world.posts if post.account == profile.id and not post.foreign]
    return sum(fresh(world, post.published_at) and not (frees and post.deleted_at) for post in own)


def publishing_limit(world: World, call: Call, profile: Account) -> dict[str, Any]:
    knobs = world.temper(profile.id)
    figures: dict[str, Any] = {"quota_usage": used(world, profile)}
    if "config" in call.text("fields"):
        figures["config"] = {"quota_total": knobs["quota_total"], "quota_duration": 86_400}
    return {"data": {"list": [figures], "object": figures, "absent": []}[knobs["quota_shape"]]}


def delete_medium(world: World, call: Call, post: Post) -> dict[str, Any]:
    knobs = world.temper(post.account)
    if knobs["delete_needs_user"] and call.token.kind == "page":
        raise Refusal(10, "(#10) A User access token is needed.")
    if knobs["delete_refused"]:
        raise Refusal(-1, "Fatal", knobs["delete_refused"])
    if post.app_id != call.token.app_id or knobs["foreign_app"]:
        raise missing("delete", post.id)
    told = {"deleted_id": post.id} if knobs["deleted_id"] else {}
    if world.spend(post.account, "delete_without_effect"):
        return {"success": True, **told}
    if not world.exists(post) and knobs["delete_again"] != 200:
        raise missing("delete", post.id)
    post.deleted_at = post.deleted_at or world.now()
    return {"success": True, **told}
