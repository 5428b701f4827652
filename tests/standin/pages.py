"""Pages: their posts and photos (platforms.md A)."""

import time
from datetime import datetime, timedelta
from typing import Any

from tests.standin.asking import Call
from tests.standin.fetching import Unreachable, fetch
from tests.standin.refusals import NO_IMAGE, Refusal, invalid, lacks, missing
from tests.standin.shapes import shape
from tests.standin.world import Account, Photo, Post, World

LONGEST, LARGEST = 63_206, 10 * 2**20
IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")


def create_post(world: World, call: Call, page: Account) -> dict[str, Any]:
    require_page_token(call)
    text, link, when = call.text("message"), call.text("link"), planned(world, call, page)
    require_words(text)
    wanted = [photo_id(each) for each in call.items("attached_media")]
    if not (text.strip() or link or wanted):
        raise invalid("Missing message or attachment")
    refuse_twin(world, page, text, when)
    photos = [free_photo(world, page, each) for each in wanted]
    post = add(world, call, page, text, when)
    post.link, post.photos = link, photos
    for photo in photos:
        photo.post = post
    return shape(world, call, post)


def require_page_token(call: Call) -> None:
    if call.token.kind != "page":
        raise Refusal(200, "(#200) Unpublished posts must be posted to a page as the page itself")


def require_words(text: str) -> None:
    if len(text) > LONGEST:
        raise invalid("Name parameter too long")


def planned(world: World, call: Call, page: Account) -> datetime | None:
    """Now, later, or None for what stays invisible."""
    published, at, now = call.flag("published", True), call.moment("scheduled_publish_time"), world.now()
    if at is None:
        return now if published else None
    window = timedelta(minutes=10), timedelta(days=world.temper(page.id)["schedule_days"])
    if published or not window[0] <= at - now <= window[1]:
        raise invalid("The specified scheduled publish time is invalid.")
    return at


def photo_id(item: Any) -> str:
    if not isinstance(item, dict) or not item.get("media_fbid"):
        raise invalid("Invalid parameter: attached_media")
    return str(item["media_fbid"])


def refuse_twin(world: World, page: Account, text: str, when: datetime | None) -> None:
    public = [post for post in world.posts if post.account == page.id and world.is_public(post)]
    if world.temper(page.id)["duplicate_check"] and when and text and public and public[-1].text == text:
        raise Refusal(506, "(#506) Duplicate status message")


def free_photo(world: World, page: Account, wanted: str) -> Photo:
    """An expired one is unknown: which code that has is documented nowhere."""
    found = next((each for each in world.photos if (each.account, each.id) == (page.id, wanted)), None)
    if found is None or not world.photo_exists(found):
        raise invalid("Invalid parameter: attached_media")
    if found.post:
        raise Refusal(1, "This photo was already posted.", 1366051, status=400)
    return found


def add(world: World, call: Call, page: Account, text: str, when: datetime | None) -> Post:
    post = Post(page.id, f"{page.id}_{world.number('')}", text, call.token.app_id, world.now())
    if when:
        post.publish(when)
    world.posts.append(post)
    return post


def create_photo(world: World, call: Call, page: Account) -> dict[str, Any]:
    require_page_token(call)
    when = planned(world, call, page)
    photo = Photo(page.id, world.number("122"), call.text("alt_text_custom"), call.token.app_id, world.now())
    world.photos.append(photo)
    if not when:
        return {"id": photo.id}
    photo.post = add(world, call, page, call.text("caption") or call.text("message"), when)
    photo.post.photos = [photo]
    return {"id": photo.id, "post_id": photo.post.id}


def take_upload(world: World, call: Call, page: Account) -> None:
    """Before the lock is held: it takes its time."""
    time.sleep(world.temper(page.id)["upload_seconds"])
    data = call.files.get("source") or fetched(call.text("url"))
    if len(data) >= LARGEST:
        raise invalid("Your photos should be smaller than 4 MB and saved as JPG or PNG.", 1366046)
    if not data.startswith(IMAGES):
        raise NO_IMAGE


def fetched(address: str) -> bytes:
    try:
        return fetch(address, LARGEST)
    except Unreachable:
        raise NO_IMAGE from None


def change_post(world: World, call: Call, post: Post) -> bool:
    require_own(world, call, post)
    if "message" in call.params:
        require_words(call.text("message"))
        post.text = call.text("message")
    if at := call.moment("scheduled_publish_time"):
        post.published_at = at
    if "is_published" in call.params:
        take_second_step(world, call, post)
    return True


def take_second_step(world: World, call: Call, post: Post) -> None:
    """Whether it works is documented nowhere (A6)."""
    knobs = world.temper(post.account)
    refusal = knobs["second_step_refusal"]
    if not knobs["two_step"] and refusal != "no_effect":
        raise Refusal(refusal, f"(#{refusal}) The second step is refused")
    if not call.flag("is_published", True):
        raise invalid("A published post cannot become unpublished")
    if knobs["two_step"] and not world.is_public(post):
        post.publish(world.now())


def require_own(world: World, call: Call, thing: Post | Photo) -> None:
    knobs = world.temper(thing.account)
    if thing.app_id != call.token.app_id or knobs["foreign_app"]:
        raise lacks("pages_manage_posts") if knobs["foreign_refusal"] == 200 else missing(call.method, thing.id)


def delete_post(world: World, call: Call, post: Post) -> bool:
    require_own(world, call, post)
    if world.spend(post.account, "delete_without_effect"):
        return True
    if not world.exists(post) and world.temper(post.account)["delete_again"] != 200:
        raise missing("delete", post.id)
    post.deleted_at = post.deleted_at or world.now()
    return True


def delete_photo(world: World, call: Call, photo: Photo) -> bool:
    require_own(world, call, photo)
    photo.deleted = True
    return True
