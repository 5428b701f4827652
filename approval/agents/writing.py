"""Submitting what an agent wrote, and revising it until a human approves."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from approval.agents import seen
from approval.agents.callers import Clients
from approval.agreeing import WROTE
from approval.importing import Importer, Wanted
from approval.models import Draft, DraftPicture
from approval.shelves import Folder, Shelf
from approval.versions import BESIDE, beside
from approval.wishes import Line, Wish, checked
from publishing import images as pictures
from publishing.models import Image
from sophia.doors import Via
from sophia.refusals import ChangedUnderneath, Refused, WrongState
from sophia.tokens.models import Token

HASH = re.compile(r"[0-9a-f]{64}")
DATA = re.compile(r"data:image/(jpeg|png);base64,", re.IGNORECASE)


@dataclass(frozen=True)
class Given:
    """Images by their SHA-256 where Sophia has them, in the call itself, or by name where a folder was opened. Never
    from an address, and from nowhere else on this machine's disk."""

    folder: Path | None = None
    by: User | None = None
    token: Token | None = None

    def of(self, by: User, token: Token | None) -> "Given":
        """For one caller."""
        return replace(self, by=by, token=token)

    def image(self, name: str) -> Image:
        if HASH.fullmatch(name):
            return self.kept(name)
        if found := DATA.match(name):
            return self.sent(name[found.end() :], found[1].lower())
        return self.opened(name)

    def kept(self, sha256: str) -> Image:
        found = Image.objects.usable_by(self.by, self.token).filter(pk=sha256).first()
        if found is None:
            raise Refused(f"Sophia has no image {sha256}.")
        return found

    def sent(self, text: str, kind: str) -> Image:
        try:
            data = base64.b64decode(text, validate=True)
        except ValueError:
            raise Refused("An image is no base64 that can be read.") from None
        return pictures.store(data, f"image.{kind}", by=self.by, token=self.token)

    def opened(self, name: str) -> Image:
        if self.folder is None:
            raise Refused(
                "An image is the SHA-256 of one that Sophia has, or data:image/jpeg;base64,… with its bytes, not "
                f"“{name[:80]}”."
            )
        return Folder(self.folder, self.by, self.token).image(name)


def submit(person: User, clients: Clients, shelf: Shelf, wish: Wish, digest: str) -> dict[str, Any]:
    seen.account(person, clients, str(wish["account"]))
    importer, given = Importer(shelf, person, submit=True, via=Via.MCP), checked(wish)
    with transaction.atomic():
        known = draft_with(person, clients, given["ref"].strip())
        if known:
            result = revise(known, importer, given, digest, by=person)
        elif digest:
            raise Refused(f"There is no draft of the ref “{given['ref']}” to revise. Leave out the digest.")
        else:
            kept = importer.keep(Line(1, lambda: given))
            known, result = kept.draft, kept.result
    told = {"result": result, **seen.draft_document(known), "next": "A human judges it. draft_status tells."}
    return told | ({"warning": f"{known.over} A human has to choose when it goes out."} if known.has_passed else {})


def draft_with(person: User, clients: Clients, ref: str) -> Draft | None:
    if not ref:
        return None
    found = seen.drafts(person, clients).filter(ref=ref).first()
    if found is None and Draft.objects.filter(ref=ref).exists():
        raise Refused(f"The ref “{ref}” is taken. Choose another one.")
    return found


def revise(draft: Draft, importer: Importer, given: Wish, digest: str, *, by: User) -> str:
    """In the caller's transaction. What is not `given` stays."""
    draft.lock()
    if draft.state == Draft.State.APPROVED:
        raise WrongState(f"A human has approved draft {draft.pk}: it can no longer be revised. Use another ref.")
    wanted = revised(draft, importer, given)
    same = stays(draft, wanted) or (not digest and brought_again(draft, importer, given))
    if same and draft.state in {Draft.State.REJECTED, Draft.State.SKIPPED}:
        raise WrongState(f"Draft {draft.pk} was {draft.stage} as it is. Read draft_status, and change it first.")
    if not same:
        change(draft, wanted, digest, by)
    if draft.state != Draft.State.IN_REVIEW:
        draft.submit(by=by, via=Via.MCP)
    return "unchanged" if same else "revised"


def revised(draft: Draft, importer: Importer, given: Wish) -> Wanted:
    """The draft as it would be."""
    framed = draft.framed()
    own = {picture.image_id: picture for picture in framed}
    now = beside(draft.title, draft.suggested_at) | {"text": draft.text, "link": draft.link}
    if "images" not in given:
        alts = given.get("alt", [])
        now["images"] = [picture.image_id for picture in framed]
        given = {**given, "alt": [*alts, *(picture.alt for picture in framed[len(alts) :])]}
    wanted = replace(importer, shelf=OwnFirst(own, importer.shelf)).wanted(checked({**now, **given}))
    if wanted.account.pk != draft.account_id:
        raise Refused(f"Draft {draft.pk}, which has this ref, is for {draft.account.label}. Use another ref.")
    if "alt" not in given:
        described = [(image, own[image.pk].alt if image.pk in own else "") for image, _ in wanted.content["pictures"]]
        wanted.content["pictures"] = described
    return wanted


@dataclass(frozen=True)
class OwnFirst:
    """The images that a draft has already, and then those of a shelf."""

    own: Mapping[str, DraftPicture]
    shelf: Shelf

    def image(self, name: str) -> Image:
        return self.own[name].image if name in self.own else self.shelf.image(name)


def stays(draft: Draft, wanted: Wanted) -> bool:
    told = beside(wanted.details["title"], wanted.details["suggested_at"])
    return wanted.digest() == draft.digest() and told == beside(draft.title, draft.suggested_at)


def brought_again(draft: Draft, importer: Importer, given: Wish) -> bool:
    """What agents wrote last. People may have edited it since: brought again, it changes nothing."""
    wanted = importer.wanted(given if "images" in given else {**given, "alt": []})
    told, now = (beside(each["title"], each["suggested_at"]) for each in (wanted.details, vars(draft)))
    same = all(value in {now[name], draft.as_brought(name)} for name, value in told.items() if value)
    return same and wanted.digest() == brought(draft)


def brought(draft: Draft) -> str:
    """The digest of what agents wrote last."""
    written = draft.decisions.filter(via=Via.MCP, verb__in=WROTE).order_by("pk").last()
    return written.digest if written else ""


def change(draft: Draft, wanted: Wanted, digest: str, by: User) -> None:
    if not digest:
        raise WrongState(
            f"Draft {draft.pk} has the ref “{draft.ref}” already, and other content. To revise it, send the digest of "
            "the version that you read: draft_status tells it."
        )
    details = {name: wanted.details[name] for name in BESIDE}
    try:
        draft.edit(by=by, digest=digest, via=Via.MCP, **wanted.content, **details)
    except ChangedUnderneath as changed:
        raise ChangedUnderneath(
            f"Draft {draft.pk} was changed since the version that you revise. Read draft_status, then revise what it "
            "shows.",
            changed.diff,
        ) from changed
