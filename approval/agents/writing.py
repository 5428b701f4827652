"""Submitting what an agent wrote, and revising it until a human approves."""

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from approval.agents import seen
from approval.agents.callers import Clients
from approval.agreeing import WROTE
from approval.importing import Importer, Wanted
from approval.models import Draft
from approval.shelves import Folder, Shelf
from approval.wishes import checked
from publishing import images as pictures
from publishing.models import Image
from sophia.doors import Via
from sophia.refusals import Refused, WrongState

HASH = re.compile(r"[0-9a-f]{64}")
DATA = re.compile(r"data:image/(jpeg|png);base64,", re.IGNORECASE)


@dataclass(frozen=True)
class Given:
    """Images by their SHA-256 where Sophia has them, in the call itself, or by name where a folder was opened. Never
    from an address, and from nowhere else on this machine's disk."""

    folder: Path | None = None

    def image(self, name: str) -> Image:
        if HASH.fullmatch(name):
            return self.kept(name)
        if found := DATA.match(name):
            return self.sent(name[found.end() :], found[1].lower())
        return self.opened(name)

    def kept(self, sha256: str) -> Image:
        found = Image.objects.filter(pk=sha256).first()
        if found is None:
            raise Refused(f"Sophia has no image {sha256}.")
        return found

    def sent(self, text: str, kind: str) -> Image:
        try:
            data = base64.b64decode(text, validate=True)
        except ValueError:
            raise Refused("An image is no base64 that can be read.") from None
        return pictures.store(data, f"image.{kind}")

    def opened(self, name: str) -> Image:
        if self.folder is None:
            raise Refused(
                "An image is the SHA-256 of one that Sophia has, or data:image/jpeg;base64,… with its bytes, not "
                f"“{name[:80]}”."
            )
        root = self.folder.resolve()
        if not (root / name).resolve().is_relative_to(root):
            raise Refused(f"{name} lies outside the folder of images.")
        return Folder(root).image(name)


def submit(person: User, clients: Clients, shelf: Shelf, wish: dict[str, Any]) -> dict[str, Any]:
    seen.account(person, clients, str(wish["account"]))
    importer = Importer(shelf, person, submit=True, via=Via.MCP)
    wanted = importer.wanted(checked(wish))
    with transaction.atomic():
        known = draft_with(person, clients, wanted.details["ref"])
        if known:
            result = revise(known, wanted, by=person)
        else:
            known, result = importer.write(wanted), "created"
            known.submit(by=person, via=Via.MCP)
    return {"result": result, **seen.draft_document(known), "next": "A human judges it. draft_status tells."}


def draft_with(person: User, clients: Clients, ref: str | None) -> Draft | None:
    if not ref:
        return None
    found = seen.drafts(person, clients).filter(ref=ref).first()
    if found is None and Draft.objects.filter(ref=ref).exists():
        raise Refused(f"The ref “{ref}” is taken. Choose another one.")
    return found


def revise(draft: Draft, wanted: Wanted, *, by: User) -> str:
    """In the caller's transaction."""
    draft.lock()
    if draft.state == Draft.State.APPROVED:
        raise WrongState(f"A human has approved draft {draft.pk}: it can no longer be revised. Use another ref.")
    if draft.account_id != wanted.account.pk:
        raise Refused(f"Draft {draft.pk}, which has this ref, is for {draft.account.label}. Use another ref.")
    same = wanted.digest() in {draft.digest(), brought(draft)}
    if same and draft.state in {Draft.State.REJECTED, Draft.State.SKIPPED}:
        raise WrongState(f"Draft {draft.pk} was {draft.stage} as it is. Read draft_status, and change it first.")
    if not same:
        draft.edit(by=by, digest=draft.digest(), via=Via.MCP, **wanted.content)
    if draft.state != Draft.State.IN_REVIEW:
        draft.submit(by=by, via=Via.MCP)
    return "unchanged" if same else "revised"


def brought(draft: Draft) -> str:
    """The digest of what agents wrote last. People may have edited it since: brought again, it changes nothing."""
    written = draft.decisions.filter(via=Via.MCP, verb__in=WROTE).order_by("pk").last()
    return written.digest if written else ""
