"""Posts of a Page that nobody sees yet: finding one whose answer was lost. Facts: platforms.md A5 and P1."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from publishing.platforms import likeness
from publishing.platforms.answers import Answer, objects, text_of
from publishing.platforms.base import Content, PlatformError, Sought
from publishing.platforms.meta import MetaPlatform, normal, when

LISTS: tuple[tuple[str, dict[str, Any]], ...] = (("promotable_posts", {"is_published": False}), ("feed", {}))
"""The first has shown what is unpublished for years and is documented no more; the second says both."""
STORY = "page_story_id"
MOST = 100
FIELDS = "id,message,created_time,is_published,application,attachments"
UNSEEN_STEPS = (
    "Open Meta Business Suite as the Page, and there Content, Posts & stories, Scheduled and Drafts. Older Pages have "
    "Publishing tools, Unpublished posts.",
    "Delete the post there if it is the one below. Nobody but the staff of the Page sees it.",
)


@dataclass(frozen=True)
class Unseen:
    """The invisible posts of one Page."""

    page: MetaPlatform

    def seek(self, content: Content, since: datetime, photos: Sequence[str], witnesses: Sequence[str]) -> Sought:
        listed, lists = self.listed()
        stories = {story for photo in photos if (story := story_of(self.page, photo))}
        known = {item["id"] for item in listed}
        listed += [item for story in stories - known if (item := self.page.seen(story, FIELDS)) and is_unseen(item)]
        alike = [item for item in listed if reads_like(item, content)]
        app = self.app(witnesses) if alike or lists else ""
        since = self.page.graph.there(since)
        found = [
            item["id"]
            for item in alike
            if app
            and app == made_by(item)
            and made_after(item, since)
            and says(item, content)
            and shows(item, content, photos, stories)
        ]
        unproved = tuple(item["id"] for item in alike if item["id"] not in found)
        return Sought(tuple(found), lists and bool(app), unproved)

    def listed(self) -> tuple[list[Answer], bool]:
        """What a list shows of them, and whether it is a list that would."""
        for edge, asked in LISTS:
            path = f"{self.page.account.external_id}/{edge}"
            try:
                answer = self.page.graph.get("list", path, needs="data", fields=FIELDS, limit=MOST, **asked)
            except PlatformError as refused:
                if refused.throttles:
                    raise
                continue
            items = objects(answer["data"]) or []
            unseen = [item for item in items if is_unseen(item)]
            if edge == LISTS[0][0] or unseen:
                return unseen, len(items) < MOST
        return [], False

    def app(self, witnesses: Sequence[str]) -> str:
        """The id of the app that makes our posts: as it is set, or as a post says that was made by us."""
        if told := self.page.own_app:
            return told
        for post_id in witnesses:
            if made := made_by(self.page.seen(post_id, "id,application") or {}):
                return made
        return ""


def story_of(page: MetaPlatform, photo: str) -> str:
    """The post that shows this photo, where the photo tells."""
    return text_of((page.seen(photo, f"id,{STORY}") or {}).get(STORY))


def is_unseen(item: Answer) -> bool:
    return item.get("is_published") is False and bool(item.get("id"))


def reads_like(item: Answer, content: Content) -> bool:
    """As a person would read it: an app or the platform may have dropped a sign that nobody sees."""
    return likeness.same(text_of(item.get("message")), content.message)


def says(item: Answer, content: Content) -> bool:
    return normal(item.get("message")) == normal(content.message)


def made_after(item: Answer, since: datetime) -> bool:
    """By the platform's clock, which tells whole seconds."""
    created = when(item.get("created_time"))
    return created is not None and created >= since.replace(microsecond=0)


def made_by(item: Answer) -> str:
    application = item.get("application")
    return text_of(application.get("id")) if isinstance(application, dict) else ""


def shows(item: Answer, content: Content, photos: Sequence[str], stories: Collection[str]) -> bool:
    """As many photos as were approved, and they are those that we uploaded, says the post or say they; or its link."""
    shown = attachments_of(item)
    pictures = [target_of(each) for each in shown if each.get("type") == "photo"]
    if content.images:
        ours = set(pictures) <= set(photos) or set(stories) == {item["id"]}
        return len(pictures) == len(shown) == len(content.images) and ours
    links = [text_of(each.get("unshimmed_url")) or text_of(each.get("url")) for each in shown]
    return links == ([content.link] if content.link else [])


def attachments_of(item: Answer) -> list[Answer]:
    """An album holds its photos one level further down."""
    found: list[Answer] = []
    for each in data_of(item.get("attachments")):
        found += data_of(each.get("subattachments")) or [each]
    return found


def data_of(answer: Any) -> list[Answer]:
    return objects(answer.get("data")) or [] if isinstance(answer, dict) else []


def target_of(attachment: Answer) -> str:
    target = attachment.get("target")
    return text_of(target.get("id")) if isinstance(target, dict) else ""
