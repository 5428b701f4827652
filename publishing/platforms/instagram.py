"""Instagram through Facebook Login: one image or a carousel. Facts: platforms.md B."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from publishing.platforms.answers import Answer, objects, text_of, web_address
from publishing.platforms.base import (
    Candidate,
    Content,
    Fate,
    Finding,
    Health,
    Image,
    Journal,
    Kind,
    Limits,
    MustGoByHand,
    Notebook,
    NotYet,
    PlatformError,
    Quota,
    Receipt,
    Reference,
    other_way,
)
from publishing.platforms.errors import doubted, number, unprocessed
from publishing.platforms.journal import make
from publishing.platforms.meta import NAME, MetaPlatform, normal

NAMELESS = Receipt("")
"""No call leads from a published container to its post (platforms.md B3)."""
USERNAME = re.compile(r"[A-Za-z0-9._]{1,30}")
CONTAINER_MISSING = {2207006, 2207008}
CONTAINER = "container"
"""The step that becomes the post. Nothing deletes containers: they are invisible and expire after a day (B1)."""
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
    reads_late = True
    fetches_images = True
    deleting = "instagram_manage_contents"
    words = "caption"
    edges = ("media",)
    moment = "timestamp"
    permalink = "permalink"
    shown = "id,caption,permalink"
    bare = "id,caption,permalink,timestamp"
    listed = f"{bare},media_type,media_url,children{{id}}"
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

    @classmethod
    def calls_to_prepare(cls, images: int, direct: bool) -> int:
        """A container per image, and for a carousel one more that holds them. Each is looked at."""
        return 2 if images <= 1 else 2 * images + 2

    @classmethod
    def calls_to_commit(cls, images: int, direct: bool) -> int:
        """The container's status, the publishing, and the address."""
        return 3

    def prepare(self, content: Content, journal: Journal | None = None) -> Reference:
        require_images(content)
        journal = journal or Notebook()
        if len(content.images) == 1:
            fields = {"caption": content.message, **picture(content.images[0])}
            container = make(journal, CONTAINER, lambda: self._create(fields), len(content.images[0].data))
            self._require_processed(journal, [CONTAINER])
            return reference_to(container)
        children = {
            f"child-{n}": self._child(journal, f"child-{n}", image) for n, image in enumerate(content.images, 1)
        }
        self._require_processed(journal, children)
        container = make(journal, CONTAINER, lambda: self._carousel(content, journal, children))
        self._require_processed(journal, [CONTAINER])
        return reference_to(container, list(children.values()))

    def _create(self, fields: Mapping[str, object]) -> str:
        return str(self.graph.post("create", f"{self.account.external_id}/media", fields)["id"])

    def _child(self, journal: Journal, name: str, image: Image) -> str:
        fields = {"is_carousel_item": True, **picture(image)}
        return make(journal, name, lambda: self._create(fields), len(image.data))

    def _carousel(self, content: Content, journal: Journal, children: Mapping[str, str]) -> str:
        fields = {"media_type": "CAROUSEL", "children": ",".join(children.values()), "caption": content.message}
        try:
            return self._create(fields)
        except PlatformError as refused:
            if refused.made_nothing and refused.kind in {Kind.RETRY, Kind.WAIT} and not refused.throttles:
                self._drop_unfinished(journal, children)
            raise

    def _drop_unfinished(self, journal: Journal, children: Mapping[str, str]) -> None:
        """Containers expire after a day (B1). Those that are of no use any more are made anew."""
        for name, child in children.items():
            if self._status(child).code not in {"FINISHED", "IN_PROGRESS"}:
                journal.drop(name)

    def _require_processed(self, journal: Journal, names: Collection[str]) -> None:
        """Asked once each: whoever has to wait comes back."""
        waiting = [name for name in names if not journal.is_ready(name) and not self._is_processed(journal, name)]
        if waiting:
            raise self._still_processing(len(waiting), len(names))

    def _is_processed(self, journal: Journal, name: str) -> bool:
        state = self._status(journal.known(name))
        if state.code in {"FINISHED", "PUBLISHED"}:
            journal.ready(name)
        if state.code in {"FINISHED", "PUBLISHED", "IN_PROGRESS"}:
            return state.code != "IN_PROGRESS"
        failed = self._unpublishable(state)
        failed.start_over = False
        if state.code in {"", "ERROR", "EXPIRED"}:
            journal.drop(name)
        raise failed

    def _still_processing(self, waiting: int, of: int) -> NotYet:
        what = "the post" if of == 1 else f"{waiting} of {of} images"
        return NotYet(f"{self.title} is still processing {what}.")

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
        state = self._status(container)
        if state.code == "PUBLISHED":
            return NAMELESS
        if state.code != "FINISHED":
            raise self._unpublishable(state)
        return self._publish(container)

    def _publish(self, container: str) -> Receipt:
        path = f"{self.account.external_id}/media_publish"
        try:
            post = self.graph.post("publish", path, {"creation_id": container}, irreversible=True)
        except PlatformError as refused:
            if refused.code != 24 or refused.subcode not in CONTAINER_MISSING:
                raise
            return self._after_refusal(container, refused)
        return Receipt(str(post["id"]), self.link_to(str(post["id"])))

    def _after_refusal(self, container: str, refused: PlatformError) -> Receipt:
        """24 has been answered for containers that were ready (B3), so the container decides."""
        state = self._status_or_doubt(container)
        if state.code == "PUBLISHED":
            return NAMELESS
        if not state.code:
            said = "Instagram lost what was prepared while publishing it. Whether the post is public is not known yet."
            raise PlatformError(Kind.UNKNOWN, said, code=refused.code, subcode=refused.subcode, status=refused.status)
        refused.start_over = state.code != "FINISHED"
        raise refused

    def _status_or_doubt(self, container: str) -> Container:
        try:
            return self._status(container)
        except PlatformError as error:
            said = f"Instagram could not find what was prepared while publishing it, and reading it failed: {error}"
            raise doubted(error, said) from None

    def _unpublishable(self, state: Container) -> PlatformError:
        if state.code == "ERROR":
            return unprocessed(self.title, state.subcode)
        if state.code not in {"", "EXPIRED"}:
            return self._still_processing(1, 1)
        if not state.code:
            self.require_account()
        said = "What was prepared on Instagram has expired or is gone."
        return PlatformError(Kind.RETRY, said, start_over=True)

    def find(self, content: Content, reference: Reference, since: datetime, taken: frozenset[str]) -> Finding:
        if reference["way"] == "mcp":
            return self._find_without_container(content, since, taken)
        state = self._status(reference["container"])
        if state.code == "PUBLISHED":
            return Finding(Fate.LIVE, candidates=self._listed_alike(content, since, taken))
        if state.code in {"FINISHED", "IN_PROGRESS"}:
            return Finding(Fate.NOT_LIVE)
        if state.code in {"ERROR", "EXPIRED"}:
            return Finding(Fate.ABSENT)
        return self._find_without_container(content, since, taken)

    def _find_without_container(self, content: Content, since: datetime, taken: frozenset[str]) -> Finding:
        self.require_account()
        return Finding(Fate.UNSURE, candidates=self.alike(content, since, taken))

    def _listed_alike(self, content: Content, since: datetime, taken: frozenset[str]) -> tuple[Candidate, ...]:
        """That it is public is known already, whether or not the list can be read."""
        try:
            return self.alike(content, since, taken)
        except PlatformError:
            return ()

    def candidate(self, made_at: datetime, item: Answer) -> Candidate:
        return Candidate(
            self.receipt(item),
            normal(item.get("caption")),
            made_at,
            images=images_in(item),
            picture=web_address(item.get("media_url")),
        )

    def by_hand(self, refused: PlatformError) -> MustGoByHand | None:
        """Deleting needs a permission that many accounts lack, and fails for some kinds of post (B7)."""
        if (refused.code, refused.subcode) == UNDELETABLE:
            return self.must_go_by_hand(refused, str(refused))
        if (refused.code, refused.subcode) == FATAL:
            return self.must_go_by_hand(refused, str(refused), Kind.RETRY)
        return super().by_hand(refused)

    @classmethod
    def home(cls, external_id: str, name: str) -> str:
        """By the name of the account, which is its user name where nobody gave it another."""
        return f"https://www.instagram.com/{name if USERNAME.fullmatch(name) else ''}"

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


def images_in(item: Answer) -> int | None:
    kind, children = text_of(item.get("media_type")), item.get("children")
    if kind == "CAROUSEL_ALBUM":
        inside = objects(children.get("data")) if isinstance(children, dict) else None
        return None if inside is None else len(inside)
    return {"IMAGE": 1, "VIDEO": 0}.get(kind)


def require_images(content: Content) -> None:
    if not content.images:
        raise PlatformError(Kind.REJECTED, "Instagram takes no post without an image.")
    if not all(image.url for image in content.images):
        raise PlatformError(Kind.REJECTED, "Instagram fetches images itself, and one has no address it could use.")


def picture(image: Image) -> dict[str, object]:
    return {"image_url": image.url, "alt_text": image.alt}


def reference_to(container: str, children: list[str] | None = None) -> Reference:
    return {"way": "two_step", "container": container, "children": children or []}
