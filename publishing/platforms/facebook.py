"""Facebook Pages: text, link, one image, several images. Facts: platforms.md A."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from publishing.platforms.answers import Answer, identifier, objects, text_of, web_address
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
    Notebook,
    PlatformError,
    Receipt,
    Reference,
    SecondStepRefused,
    Sought,
    other_way,
)
from publishing.platforms.errors import doubted
from publishing.platforms.journal import make
from publishing.platforms.meta import NAME, SKEW, MetaPlatform, normal
from publishing.platforms.ownership import candidates, proved_by_photos
from publishing.platforms.unseen import STORY, UNSEEN_STEPS, Unseen

STATE = "id,is_published,permalink_url"
SECOND_STEP_REFUSALS = {3, 10, 100, *range(200, 300)}
"""The post was created with the same token a moment ago, so a lacking permission is one for the second step alone."""
EDGES = ("published_posts", "feed")
ATTACHED = "attachments{type,target{id},subattachments{type,target{id}}}"
PHOTOS = {"photo", "album", "new_album", "cover_photo", "profile_media"}
"""Types of what is attached that are images, not the card of a link."""
UNPROVED = (
    "Facebook shows neither what was prepared nor another post of the account, so nobody can tell whether it is gone."
)
INVALID, POSTED = 100, 1366051
POST = "post"
"""The step that people could find in the Page's own tools."""


class Facebook(MetaPlatform):
    """Two steps: an invisible post is created, then `is_published=true` (A6). Pages that refuse it go direct."""

    name = "facebook"
    seeks = frozenset({POST})
    needs_scopes = frozenset({"pages_read_engagement", "pages_manage_posts"})
    deleting = "pages_manage_posts"
    words = "message"
    edges = EDGES
    moment = "created_time"
    permalink = "permalink_url"
    shown = "id,message,permalink_url,is_published"
    bare = "id,message,created_time,permalink_url,is_published"
    listed = (
        f"{bare},application{{id}},full_picture,attachments{{type,target{{id}},subattachments{{type,target{{id}}}}}}"
    )
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

    def prepare(self, content: Content, journal: Journal | None = None) -> Reference:
        journal = journal or Notebook()
        photos = [self._photo(journal, number, image) for number, image in enumerate(content.images, 1)]
        if self.account.direct and not journal.known(POST):
            return {"way": "direct", "photos": photos}
        post = make(journal, POST, lambda: self._create(content, journal, photos))
        return {"way": "two_step", "post_id": post, "photos": photos}

    def _photo(self, journal: Journal, number: int, image: Image) -> str:
        name = f"photo-{number}"
        if known := journal.known(name):
            return known
        self.graph.require_time(self._longest_upload())
        return make(journal, name, lambda: self._upload(image), len(image.data))

    def _longest_upload(self) -> float:
        """Seconds, in this run. The next one may take a little longer still."""
        return max((call.milliseconds / 800 for call in self.calls if call.verb == "upload"), default=0)

    def _page(self, edge: str) -> str:
        return f"{self.account.external_id}/{edge}"

    def _upload(self, image: Image) -> str:
        fields = {"published": False, "alt_text_custom": image.alt}
        source = {"source": (image.sha256, image.data, image.mime)}
        return str(self.graph.post("upload", self._page("photos"), fields, files=source)["id"])

    def _create(self, content: Content, journal: Journal, photos: list[str]) -> str:
        fields = {**story(content, photos), "published": False}
        try:
            return str(self.graph.post("create", self._page("feed"), fields)["id"])
        except PlatformError as refused:
            if self._drop_useless(journal, photos, refused):
                said = "A photo that was uploaded is of no use to Facebook any more. It is uploaded again."
                raise PlatformError(Kind.RETRY, said, code=refused.code, made_nothing=True) from None
            raise

    def _drop_useless(self, journal: Journal, photos: list[str], refused: PlatformError) -> bool:
        """Photos that no post uses expire, and one that a post uses fits in no other (A3). They are uploaded anew."""
        used = refused.subcode == POSTED
        if not used and refused.code != INVALID:
            return False
        useless = [f"photo-{n}" for n, photo in enumerate(photos, 1) if used or self.seen(photo, "id") is None]
        for name in useless:
            journal.drop(name)
        return bool(useless)

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

    def receipt(self, item: Answer) -> Receipt:
        """With the Page's number before the post's (A0), which some answers leave out: the rest reads nothing."""
        post_id = item["id"]
        whole = f"{self.account.external_id}_{post_id}" if post_id.isdecimal() else post_id
        return super().receipt({**item, "id": whole})

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
        """Code 100 or 3 is definite, but the post decides: it may be public, waiting, or shown to nobody. What cannot
        be read is not proved to be gone: begun anew, it could stand there twice."""
        post = self._read_or_doubt(post_id)
        if post and post.get("is_published"):
            return self.receipt(post)
        if post is None or post.get("is_published") is None:
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
            raise doubted(error, said) from None

    def _withdraw(self, post_id: str) -> None:
        """Delete what nobody will publish. Where that fails it stays invisible: its second step was refused."""
        with suppress(PlatformError):
            self._delete(post_id)

    def find(self, content: Content, reference: Reference, since: datetime, taken: frozenset[str]) -> Finding:
        if reference["way"] != "two_step":
            return self._find_listed(content, reference, since, taken)
        post = self.seen(reference["post_id"], STATE)
        if post is None:
            # Nobody but a person removes a post: it may have been public, and they may have taken it down.
            self.require_account()
            return Finding(Fate.UNSURE)
        if post.get("is_published"):
            return Finding(Fate.LIVE, self.receipt(post))
        return Finding(Fate.NOT_LIVE if post.get("is_published") is False else Fate.UNSURE)

    def _find_listed(self, content: Content, reference: Reference, since: datetime, taken: frozenset[str]) -> Finding:
        """Only its own photos prove a post. Absence from a list is never proof: `/feed` is ranked and capped (A5)."""
        found: tuple[Candidate, ...] = ()
        for edge in EDGES:
            listed = self.listed_on(edge, since - SKEW)
            if receipt := proved_by_photos(listed, reference.get("photos", ()), taken):
                return Finding(Fate.LIVE, receipt)
            if found := candidates(listed, content, self.graph.there(since), taken, self.own_app):
                break
        return Finding(Fate.UNSURE, candidates=found)

    def candidate(self, made_at: datetime, item: Answer) -> Candidate:
        shown = parts(item)
        photos = frozenset(photo for part in shown or () if (photo := photo_in(part)))
        return Candidate(
            self.receipt(item),
            normal(item.get("message")),
            made_at,
            images=None if shown is None else sum(text_of(part.get("type")) in PHOTOS for part in shown),
            picture=web_address(item.get("full_picture")),
            application=identifier(item["application"].get("id")) if isinstance(item.get("application"), dict) else "",
            photos=photos,
        )

    @classmethod
    def steps_in(cls, reference: Reference) -> dict[str, str]:
        photos = {f"photo-{number}": str(photo) for number, photo in enumerate(reference.get("photos", ()), 1)}
        return photos | ({POST: str(reference["post_id"])} if "post_id" in reference else {})

    def discard(self, name: str, external_id: str, controls: Sequence[str] = ()) -> bool:
        """It is read right before. A photo that some post shows stays: the post decides about it, and went first. What
        could be read, and cannot after Facebook said that it deleted it, is its own control."""
        before = self.seen(external_id, STATE if name == POST else f"id,{STORY}")
        if name == POST and before and before.get("is_published") is not False:
            return False
        if name != POST and before and (story := text_of(before.get(STORY))) and self.seen(story, "id") is not None:
            return False
        refused = self._delete(external_id)
        if self.is_readable(external_id):
            said = "Facebook says that it deleted what was prepared, but it is still there."
            raise refused or PlatformError(Kind.RETRY, said)
        if before and not refused:
            self.require_account()
        elif not self.prove_gone(external_id, controls).is_controlled:
            raise PlatformError(Kind.RETRY, UNPROVED)
        return True

    def seek(self, content: Content, since: datetime, photos: Sequence[str], witnesses: Sequence[str]) -> Sought:
        return Unseen(self).seek(content, since, photos, witnesses)

    @classmethod
    def leftover_steps(cls) -> tuple[str, ...]:
        return UNSEEN_STEPS

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
    def home(cls, external_id: str, name: str) -> str:
        return f"https://www.facebook.com/{external_id}"

    @classmethod
    def piece_link(cls, piece_id: str) -> str:
        return f"https://www.facebook.com/{piece_id}"

    def check(self) -> Health:
        page = self.seen(self.account.external_id, "id,name")
        if page is None:
            said = "Facebook shows no Page with this id to this token. Check the id, and that the token is the Page's."
            raise PlatformError(Kind.REJECTED, said, code=100, subcode=33)
        return Health(text_of(page.get("name"))[:NAME] or page["id"])


def parts(item: Answer) -> list[Answer] | None:
    """What is attached to a post, each image of an album by itself. None: the platform does not tell."""
    told = item.get("attachments")
    attached = objects(told.get("data")) if isinstance(told, dict) else None
    if attached is None:
        return None
    albums = (part.get("subattachments") for part in attached)
    inside = [part for album in albums if isinstance(album, dict) for part in objects(album.get("data")) or []]
    return inside or attached


def photo_in(part: Answer) -> str:
    target = part.get("target")
    return identifier(target.get("id")) if isinstance(target, dict) else ""


def story(content: Content, photos: list[str]) -> dict[str, Any]:
    attached = {f"attached_media[{n}]": json.dumps({"media_fbid": photo}) for n, photo in enumerate(photos)}
    return {"message": content.message, "link": "" if photos else content.link, **attached}
