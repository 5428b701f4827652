"""Instagram through Facebook Login: one image or a carousel. Facts: platforms.md B."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from publishing.platforms.answers import text_of
from publishing.platforms.base import (
    Content,
    Fate,
    Finding,
    Health,
    Image,
    Kind,
    Limits,
    MustGoByHand,
    PlatformError,
    Quota,
    Receipt,
    Reference,
    other_way,
)
from publishing.platforms.errors import MOMENT, number, unprocessed
from publishing.platforms.meta import NAME, MetaPlatform, normal

CONTAINER_LIFE = timedelta(hours=24)
CONTAINER_MISSING = {2207006, 2207008}
UNDELETABLE, FATAL = (-1, 2207073), (-1, 2207085)
"""Refusals to delete: of this kind of post, and without a reason, for months on one account (B7)."""
SUBCODE = re.compile(r"\b\d{7}\b")


@dataclass(frozen=True)
class Container:
    """`code` is IN_PROGRESS, FINISHED, PUBLISHED, ERROR, EXPIRED (B2), or empty when it is gone."""

    code: str
    subcode: int | None = None


class Instagram(MetaPlatform):
    """Two steps always: a container, then `media_publish`. The container tells the truth afterwards (B3)."""

    name = "instagram"
    needs_scopes = frozenset({"instagram_basic", "instagram_content_publish"})
    fetches_images = True
    deleting = "instagram_manage_contents"
    words = "caption"
    edges = ("media",)
    moment = "timestamp"
    permalink = "permalink"
    shown = "id,caption,permalink"
    listed = "id,caption,permalink,timestamp"
    limits = Limits(
        text=2200,
        images=10,
        image_bytes=8 * 1024 * 1024,
        formats=frozenset({"image/jpeg"}),
        alt=1000,
        needs_image=True,
        link_card=False,
        ratio=(0.8, 1.91),
        hashtags=30,
        mentions=20,
    )
    preparing: tuple[float, ...] = (0, 0.5, 1, 2, 3, 3, 3, 3)
    """Pauses in seconds before asking whether an image is processed."""
    publishing: tuple[float, ...] = (0, 0.5, 1, 2, 3, 3, 3, 3, 3)

    @classmethod
    def calls_to_prepare(cls, images: int, direct: bool) -> int:
        """A container per image; for a carousel each is looked at, and one more holds them."""
        return 1 if images <= 1 else 2 * images + 1

    @classmethod
    def calls_to_commit(cls, images: int, direct: bool) -> int:
        """The container's status, the publishing, and the address."""
        return 3

    def prepare(self, content: Content) -> Reference:
        require_images(content)
        if len(content.images) == 1:
            return reference_to(self._create({"caption": content.message, **picture(content.images[0])}))
        children = [self._create({"is_carousel_item": True, **picture(image)}) for image in content.images]
        for child in children:
            self._require_processed(child)
        fields = {"media_type": "CAROUSEL", "children": ",".join(children), "caption": content.message}
        return reference_to(self._create(fields), children)

    def _create(self, fields: Mapping[str, object]) -> str:
        return str(self.graph.post("create", f"{self.account.external_id}/media", fields)["id"])

    def _require_processed(self, child: str) -> None:
        state = self._settled(child, self.preparing)
        if state.code == "ERROR":
            raise unprocessed(self.title, state.subcode)
        if state.code != "FINISHED":
            raise PlatformError(Kind.RETRY, "Instagram is still processing an image of the carousel.")

    def _settled(self, container: str, pauses: tuple[float, ...]) -> Container:
        state = Container("")
        for pause in pauses:
            time.sleep(pause)
            state = self._status(container)
            if state.code != "IN_PROGRESS":
                break
        return state

    def _status(self, container: str) -> Container:
        answer = self.seen(container, "id,status_code,status", verb="status", needs="status_code")
        if answer is None:
            return Container("")
        subcode = SUBCODE.search(str(answer.get("status") or ""))
        return Container(str(answer["status_code"]), int(subcode.group()) if subcode else None)

    def commit(self, content: Content, reference: Reference) -> Receipt:
        if reference["way"] == "mcp":
            raise other_way()
        container = reference["container"]
        state = self._settled(container, self.publishing)
        if state.code == "PUBLISHED":
            return self._published_before(content)
        if state.code != "FINISHED":
            raise self._unpublishable(state)
        return self._publish(content, container)

    def _publish(self, content: Content, container: str) -> Receipt:
        path = f"{self.account.external_id}/media_publish"
        try:
            post = self.graph.post("publish", path, {"creation_id": container}, irreversible=True)
        except PlatformError as refused:
            if refused.code != 24 or refused.subcode not in CONTAINER_MISSING:
                raise
            return self._after_refusal(content, container, refused)
        return Receipt(str(post["id"]), self.link_to(str(post["id"])))

    def _after_refusal(self, content: Content, container: str, refused: PlatformError) -> Receipt:
        """24 has been answered for containers that were ready (B3), so the container decides."""
        state = self._status(container)
        if state.code == "PUBLISHED":
            return self._published_before(content)
        refused.start_over = state.code != "FINISHED"
        raise refused

    def _published_before(self, content: Content) -> Receipt:
        """Never publish again. No call leads from the container to the post: only its words and time do."""
        since = timezone.now() - CONTAINER_LIFE
        matches = self.matching("media", content, since, frozenset())
        if len(matches) != 1:
            raise PlatformError(
                Kind.UNKNOWN, "Instagram says that it is public, but which post it is, is not known yet."
            )
        return self.receipt(matches[0][1])

    def _unpublishable(self, state: Container) -> PlatformError:
        if state.code == "ERROR":
            return unprocessed(self.title, state.subcode)
        if state.code not in {"", "EXPIRED"}:
            return PlatformError(Kind.WAIT, "Instagram is still processing the post.", wait=MOMENT)
        if not state.code:
            self.require_account()
        said = "What was prepared on Instagram has expired or is gone."
        return PlatformError(Kind.RETRY, said, start_over=True)

    def find(self, content: Content, reference: Reference, since: datetime, taken: frozenset[str]) -> Finding:
        if reference["way"] == "mcp":
            return self._find_without_container(content, since, taken)
        state = self._status(reference["container"])
        if state.code == "PUBLISHED":
            return Finding(Fate.LIVE, self.closest("media", content, since, taken))
        if state.code in {"FINISHED", "IN_PROGRESS"}:
            return Finding(Fate.NOT_LIVE)
        if state.code in {"ERROR", "EXPIRED"}:
            return Finding(Fate.ABSENT)
        return self._find_without_container(content, since, taken)

    def _find_without_container(self, content: Content, since: datetime, taken: frozenset[str]) -> Finding:
        self.require_account()
        receipt = self.closest("media", content, since, taken) if normal(content.message) else None
        return Finding(Fate.LIVE, receipt) if receipt else Finding(Fate.UNSURE)

    def discard(self, reference: Reference) -> None:
        """Containers are invisible and expire after a day. Nothing deletes them (B1)."""

    def by_hand(self, refused: PlatformError) -> MustGoByHand | None:
        """Deleting needs a permission that many accounts lack, and fails for some kinds of post (B7)."""
        if (refused.code, refused.subcode) == UNDELETABLE:
            return self.must_go_by_hand(refused, str(refused))
        if (refused.code, refused.subcode) == FATAL:
            return self.must_go_by_hand(refused, str(refused), Kind.RETRY)
        return super().by_hand(refused)

    @classmethod
    def removal_steps(cls, permalink: str) -> tuple[str, ...]:
        return (
            "Open the Instagram app on a phone, signed in as the account.",
            f"Open {permalink or 'the post'}.",
            "Tap the three dots above it, then Delete, and confirm.",
            "Empty “Recently deleted” under Your activity, if it must not be restored.",
        )

    def check(self) -> Health:
        account = self.seen(self.account.external_id, "id,username")
        if account is None:
            said = "Instagram shows no professional account with this id to this token. Check the id and the token."
            raise PlatformError(Kind.REJECTED, said, code=100, subcode=33)
        quota = self._quota()
        details = (f"{quota.used} of {quota.total} posts used in 24 hours",) if quota else ()
        return Health(text_of(account.get("username"))[:NAME] or account["id"], details, quota)

    def _quota(self) -> Quota | None:
        """None when it cannot be read: that alone makes no account unhealthy."""
        path = f"{self.account.external_id}/content_publishing_limit"
        try:
            answer = self.graph.get("quota", path, needs="data", fields="config,quota_usage")
        except PlatformError:
            return None
        figures = answer["data"][0] if answer["data"] else {}
        config = figures.get("config")
        total = number(config.get("quota_total")) if isinstance(config, dict) else None
        used = number(figures.get("quota_usage"))
        return Quota(total, used) if total is not None and used is not None and min(total, used) >= 0 else None


def require_images(content: Content) -> None:
    if not content.images:
        raise PlatformError(Kind.REJECTED, "Instagram takes no post without an image.")
    if not all(image.url for image in content.images):
        raise PlatformError(Kind.REJECTED, "Instagram fetches images itself, and one has no address it could use.")


def picture(image: Image) -> dict[str, object]:
    return {"image_url": image.url, "alt_text": image.alt}


def reference_to(container: str, children: list[str] | None = None) -> Reference:
    return {"way": "two_step", "container": container, "children": children or []}
