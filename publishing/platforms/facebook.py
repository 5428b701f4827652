"""Facebook Pages: text, link, one image, several images. Facts: platforms.md A."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from publishing.platforms.answers import text_of
from publishing.platforms.base import (
    Content,
    Fate,
    Finding,
    Health,
    Image,
    Kind,
    Limits,
    PlatformError,
    Receipt,
    Reference,
    SecondStepRefused,
    other_way,
)
from publishing.platforms.meta import NAME, MetaPlatform, normal

STATE = "id,is_published,permalink_url"
SECOND_STEP_REFUSALS = {3, 10, 100, *range(200, 300)}
"""The post was created with the same token a moment ago, so a lacking permission is one for the second step alone."""
EDGES = ("published_posts", "feed")


class Facebook(MetaPlatform):
    """Two steps: an invisible post is created, then `is_published=true` (A6). Pages that refuse it go direct."""

    name = "facebook"
    needs_scopes = frozenset({"pages_read_engagement", "pages_manage_posts"})
    deleting = "pages_manage_posts"
    words = "message"
    edges = EDGES
    moment = "created_time"
    permalink = "permalink_url"
    shown = "id,message,permalink_url,is_published"
    listed = "id,message,created_time,permalink_url,is_published"
    limits = Limits(
        text=63206,
        images=10,
        image_bytes=int(9.5 * 2**20),  # The platform says “less than 10 MB”.
        formats=frozenset({"image/jpeg", "image/png"}),
        alt=1000,
    )

    @classmethod
    def calls_to_prepare(cls, images: int, direct: bool) -> int:
        return images + (0 if direct else 1)

    @classmethod
    def calls_to_commit(cls, images: int, direct: bool) -> int:
        """In two steps the post is read before and after."""
        return 1 if direct else 3

    def prepare(self, content: Content) -> Reference:
        photos = [self._upload(image) for image in content.images]
        if self.account.direct:
            return {"way": "direct", "photos": photos}
        fields = {**story(content, photos), "published": False}
        post = self.graph.post("create", self._page("feed"), fields)
        return {"way": "two_step", "post_id": str(post["id"]), "photos": photos}

    def _page(self, edge: str) -> str:
        return f"{self.account.external_id}/{edge}"

    def _upload(self, image: Image) -> str:
        fields = {"published": False, "alt_text_custom": image.alt}
        source = {"source": (image.sha256, image.data, image.mime)}
        return str(self.graph.post("upload", self._page("photos"), fields, files=source)["id"])

    def commit(self, content: Content, reference: Reference) -> Receipt:
        if reference["way"] == "direct":
            return self._publish_directly(content, reference["photos"])
        if reference["way"] == "mcp":
            raise other_way()
        return self._publish_prepared(reference["post_id"])

    def _publish_directly(self, content: Content, photos: list[str]) -> Receipt:
        fields = {**story(content, photos), "fields": "id,permalink_url"}
        return self.receipt(self.graph.post("publish", self._page("feed"), fields, irreversible=True))

    def _publish_prepared(self, post_id: str) -> Receipt:
        post = self.seen(post_id, STATE)
        if post is None:
            raise self._vanished()
        if post.get("is_published"):
            return self.receipt(post)
        try:
            self.graph.post("publish", post_id, {"is_published": True}, irreversible=True, needs="success")
        except PlatformError as refused:
            if refused.kind is Kind.UNKNOWN or refused.code not in SECOND_STEP_REFUSALS:
                raise
            return self._after_refusal(post_id, refused)
        return self._confirmed(post_id)

    def _vanished(self) -> PlatformError:
        self.require_account()
        return PlatformError(Kind.RETRY, "The post that was prepared on Facebook is gone.", start_over=True)

    def _confirmed(self, post_id: str) -> Receipt:
        """Facebook said yes. Only a clear contradiction makes that uncertain; a failing read does not."""
        try:
            post = self.graph.get("read", post_id, fields=STATE)
        except PlatformError:
            return Receipt(post_id)
        if post.get("is_published") is False:
            raise PlatformError(Kind.UNKNOWN, "Facebook says that it published the post, and shows it as unpublished.")
        return self.receipt({**post, "id": post_id})

    def _after_refusal(self, post_id: str, refused: PlatformError) -> Receipt:
        """Code 100 or 3 is definite, but the post decides: it may be public, gone, or waiting."""
        post = self._read_or_doubt(post_id)
        if post is None:
            raise self._vanished()
        if post.get("is_published"):
            return self.receipt(post)
        if post.get("is_published") is None:
            said = "Facebook refused to publish the prepared post, and it is not proved that it stays invisible."
            raise PlatformError(Kind.UNKNOWN, said, code=refused.code, subcode=refused.subcode, status=refused.status)
        self._withdraw(post_id)
        raise SecondStepRefused(
            Kind.RETRY,
            "This Page does not let Sophia publish in two steps. Nothing is public; one step is used from now on.",
            code=refused.code,
            subcode=refused.subcode,
            status=refused.status,
            trace_id=refused.trace_id,
            start_over=True,
        )

    def _read_or_doubt(self, post_id: str) -> dict[str, Any] | None:
        try:
            return self.seen(post_id, STATE)
        except PlatformError as error:
            said = f"Facebook refused to publish the prepared post, and reading it failed: {error}"
            raise PlatformError(Kind.UNKNOWN, said, code=error.code, status=error.status) from None

    def _withdraw(self, post_id: str) -> None:
        """Delete what nobody will publish. Where that fails it stays invisible: its second step was refused."""
        with suppress(PlatformError):
            self._delete(post_id)

    def find(self, content: Content, reference: Reference, since: datetime, taken: frozenset[str]) -> Finding:
        if reference["way"] != "two_step":
            return self._find_listed(content, since, taken)
        post = self.seen(reference["post_id"], STATE)
        if post is None:
            # Nobody but a person removes a post: it may have been public, and they may have taken it down.
            self.require_account()
            return Finding(Fate.UNSURE)
        if post.get("is_published"):
            return Finding(Fate.LIVE, self.receipt(post))
        return Finding(Fate.NOT_LIVE if post.get("is_published") is False else Fate.UNSURE)

    def _find_listed(self, content: Content, since: datetime, taken: frozenset[str]) -> Finding:
        """Absence from a list is never proof: `/feed` is ranked and capped (A5)."""
        if not normal(content.message):
            return Finding(Fate.UNSURE)
        for edge in EDGES:
            try:
                receipt = self.closest(edge, content, since, taken)
            except PlatformError as error:
                if edge != EDGES[-1] or error.kind is not Kind.AUTH:
                    raise
                receipt = None  # `/feed` asks for a permission that the others do not (E5).
            if receipt:
                return Finding(Fate.LIVE, receipt)
        return Finding(Fate.UNSURE)

    def discard(self, reference: Reference) -> None:
        """Photos that no post uses are invisible and expire (A3)."""
        if reference["way"] != "two_step":
            return
        post = self.seen(reference["post_id"], STATE)
        if post is None or post.get("is_published") is not False:
            return
        refused = self._delete(reference["post_id"])
        if refused and not self.is_gone(reference["post_id"]):
            raise refused

    def pieces(self, reference: Reference) -> tuple[str, ...]:
        """Its photos are objects of their own, and may stay when the post goes (A7)."""
        return tuple(map(str, reference.get("photos", ())))

    def remove_piece(self, piece_id: str) -> None:
        refused = self._delete(piece_id)
        if self.seen(piece_id, "id") is None:
            return
        if refused is None:
            raise PlatformError(Kind.RETRY, f"{self.title} says that it deleted a photo, but the photo is still there.")
        if refused.kind in {Kind.REJECTED, Kind.AUTH}:
            raise self.must_go_by_hand(refused, str(refused))
        raise refused

    @classmethod
    def piece_link(cls, piece_id: str) -> str:
        return f"https://www.facebook.com/{piece_id}"

    def check(self) -> Health:
        page = self.seen(self.account.external_id, "id,name")
        if page is None:
            said = "Facebook shows no Page with this id to this token. Check the id, and that the token is the Page's."
            raise PlatformError(Kind.REJECTED, said, code=100, subcode=33)
        return Health(text_of(page.get("name"))[:NAME] or page["id"])


def story(content: Content, photos: list[str]) -> dict[str, Any]:
    attached = {f"attached_media[{n}]": json.dumps({"media_fbid": photo}) for n, photo in enumerate(photos)}
    return {"message": content.message, "link": "" if photos else content.link, **attached}
