"""Twins: the same text, the same images, or the same link alone, out or planned on one account within the window of its
client. The one place that judges them. Whoever sends out both says why."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from publishing.models.account import SocialAccount
from publishing.models.post import Post
from publishing.models.states import State
from publishing.platforms import likeness
from publishing.slots import PLANNED
from sophia.refusals import WantsReason

if TYPE_CHECKING:
    from publishing.models.publication import Publication
    from publishing.models.queue import PublicationQuerySet


class HasTwin(WantsReason):
    """The same is out or planned, and nobody has said that it is meant."""

    LABEL = "The same once more, because"
    ALONE = "The same is out or planned on this account already. Open it alone and give the reason there."


def require_reason(
    rows: "PublicationQuerySet", post: Post, account: SocialAccount, at: datetime, although: str, besides: str = ""
) -> None:
    """Under the account's lock: of two that are approved at once the second is asked. `rows`: what could be a twin.
    `besides`: what else is asked, for one reason answers both."""
    if although.strip():
        return
    if found := twins(near(rows, account, at), post):
        raise HasTwin(f"{besides} {sentence(found, account)}".strip())


def near(rows: "PublicationQuerySet", account: SocialAccount, at: datetime) -> "PublicationQuerySet":
    window = account.client.twin_window
    if not window:
        return rows.none()
    within = (at - window, at + window)
    when = Q(published_at__range=within) | Q(published_at=None, publish_at__range=within)
    return rows.filter(when, account=account, state__in=[*PLANNED, State.PUBLISHED])


def twins(rows: "PublicationQuerySet", post: Post) -> list[tuple[str, "Publication"]]:
    """Each with what is the same."""
    words, images, link = likeness.words(post.text), shown(post), link_alone(post)
    found = []
    for row in rows.prefetch_related("pictures").order_by("publish_at", "pk"):
        if words and likeness.words(row.text) == words:
            found.append(("text", row))
        elif images and shown(row) == images:
            found.append(("images", row))
        elif link and link_alone(row) == link:
            found.append(("link", row))
    return found


def link_alone(post: Post) -> str:
    """Of a post that is nothing but its link."""
    return "" if likeness.words(post.text) or shown(post) else post.link


def shown(post: Post) -> set[str]:
    """In any order. One image that two posts share beside others, such as a logo, makes no twins of them."""
    return {picture.image_id for picture in post.pictures.all()}


def sentence(found: Iterable[tuple[str, "Publication"]], account: SocialAccount) -> str:
    (what, twin), *others = found
    at = account.clock(twin.published_at or twin.publish_at)
    happens = f"went out on {account}" if twin.published_at else f"is planned for {account}"
    verb = happens.replace("is planned", "are planned") if what == "images" else happens
    more = f" There are {len(others)} more." if others else ""
    return f"The same {what} {verb}, {at} (publication {twin.pk}).{more} If you mean it, say why."
