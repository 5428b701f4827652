from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router

from approval import models
from approval.importing import Importer
from approval.wishes import Line, Wish, checked
from publishing.models import Image, SocialAccount
from sophia.api import asking, paging, shapes, sight, values
from sophia.api.bearer import Asked, Bearer
from sophia.api.once import KEYED, once
from sophia.api.problems import Problem
from sophia.api.values import iso
from sophia.doors import Via
from sophia.tokens.models import Answered, Token

router = Router(tags=["Drafts"])
reading, writing = Bearer("drafts:read"), Bearer("drafts:write")


class Narrowing(paging.Paging):
    state: models.DraftState | None = None
    account: values.Label | None = None
    client: values.Id | None = None
    ref: values.Name | None = None


@router.get("", auth=reading, response=shapes.Drafts, summary="List drafts")
def listed(request: Asked, asked: Query[Narrowing]) -> Any:
    rows = sight.drafts(request.auth)
    given = asked.narrowing()
    if "account" in given:
        rows = rows.filter(account=sight.account(request.auth, given.pop("account")))
    if "client" in given:
        rows = rows.filter(account__client=given.pop("client"))
    return paging.page(request, rows.filter(**given), asked, lambda found: [document(each) for each in found])


@router.post(
    "",
    auth=writing,
    response={200: shapes.DraftInFull, 201: shapes.DraftInFull},
    summary="Create a draft",
    openapi_extra=KEYED,
)
def create(request: Asked, new: asking.NewDraft) -> Any:
    """201: written. 200: a draft with this ref and content was there already. A person approves it; no token can."""
    account = sight.account(request.auth, new.account)
    return once(request, lambda: write(request.auth, account, new))


def write(token: Token, account: SocialAccount, new: asking.NewDraft) -> Answered:
    require_free(token, new.ref.strip())
    importer = Importer(Gallery(token), token.person, new.submit, Via.API, accounts={new.account: account})
    kept = importer.keep(Line(1, lambda: wish(new)))
    return 201 if kept.result == "created" else 200, in_full(find(token, kept.draft.pk))


def require_free(token: Token, ref: str) -> None:
    if ref and models.Draft.objects.filter(ref=ref).exists() and not sight.drafts(token).filter(ref=ref).exists():
        raise Problem("conflict", "This ref belongs to a draft that this token may not see. Give yours another.", "ref")


def wish(new: asking.NewDraft) -> Wish:
    """As a line of `import_drafts` says it."""
    names = ("ref", "account", "text", "link", "title", "source")
    pictures = {"images": [each.sha256 for each in new.images], "alt": [each.alt for each in new.images]}
    return checked({name: getattr(new, name) for name in names} | pictures | {"suggested_at": new.suggested_at or ""})


@dataclass(frozen=True)
class Gallery:
    """Images that were uploaded before, by their hash."""

    token: Token

    def image(self, name: str) -> Image:
        found = Image.objects.usable_by(self.token.person, self.token).filter(pk=name).first()
        if found is None:
            said = f"There is no image {name[:12]}…. Upload it first, and name it by the sha256 of the answer."
            raise Problem("refused", said, "images")
        return found


@router.get("/{int:pk}", auth=reading, response=shapes.DraftInFull, summary="Show a draft")
def show(request: Asked, pk: Path[values.Id]) -> Any:
    """With every decision about it: what a rejection asks for is in its tags and note."""
    return in_full(find(request.auth, pk))


@router.patch("/{int:pk}", auth=writing, response=shapes.DraftInFull, summary="Edit a draft", openapi_extra=KEYED)
def edit(request: Asked, pk: Path[values.Id], new: asking.Edit) -> Any:
    """While it is not approved. `digest` is that of the version you read: if it was changed since, nothing is saved."""
    found = find(request.auth, pk)
    return once(request, lambda: change(request.auth, found, new))


def change(token: Token, found: models.Draft, new: asking.Edit) -> Answered:
    pictures = [(picture.image, picture.alt) for picture in found.framed()]
    if new.images is not None:
        pictures = [(Gallery(token).image(each.sha256), each.alt) for each in new.images]
    text, link = found.text if new.text is None else new.text, found.link if new.link is None else new.link
    by, via = token.person, Via.API
    found.edit(by=by, text=text, link=link, pictures=pictures, digest=new.digest, via=via, note=new.note)
    return 200, in_full(find(token, found.pk))


@router.post(
    "/{int:pk}/submit",
    auth=writing,
    response=shapes.DraftInFull,
    summary="Submit a draft for review",
    openapi_extra=KEYED,
)
def submit(request: Asked, pk: Path[values.Id], new: asking.Note = asking.NO_NOTE) -> Any:
    return moved(request, pk, models.Draft.submit, new.note)


@router.post(
    "/{int:pk}/withdraw",
    auth=writing,
    response=shapes.DraftInFull,
    summary="Take a draft back from review",
    openapi_extra=KEYED,
)
def withdraw(request: Asked, pk: Path[values.Id], new: asking.Note = asking.NO_NOTE) -> Any:
    """Nobody is asked to judge it any more. It can be edited and submitted again."""
    return moved(request, pk, models.Draft.withdraw, new.note)


def moved(request: Asked, pk: int, verb: Callable[..., None], note: str) -> Any:
    found = find(request.auth, pk)

    def step() -> Answered:
        verb(found, by=request.auth.person, via=Via.API, note=note)
        return 200, in_full(find(request.auth, pk))

    return once(request, step)


def find(token: Token, pk: int) -> models.Draft:
    return get_object_or_404(sight.drafts(token), pk=pk)


def document(draft: models.Draft) -> dict[str, Any]:
    publication = draft.publication
    return {
        "id": draft.pk,
        "ref": draft.ref,
        "url": settings.SOPHIA_PUBLIC_URL + draft.get_absolute_url(),
        "account": draft.account.label,
        "client": client(draft.account),
        "author": draft.author.get_username() if draft.author else None,
        "state": draft.state,
        "stage": publication.state if publication else draft.state,
        "title": draft.title,
        "text": draft.text,
        "link": draft.link,
        "images": draft.manifest()["images"],
        "digest": draft.digest(),
        "source": draft.source,
        "suggested_at": iso(draft.suggested_at),
        "created_at": iso(draft.created_at),
        "submitted_at": iso(draft.submitted_at),
        "publication": draft.publication_id,
    }


def client(where: SocialAccount) -> dict[str, Any]:
    return {"id": where.client_id, "name": where.client.name, "timezone": where.client.timezone}


def in_full(draft: models.Draft) -> dict[str, Any]:
    decisions = draft.decisions.select_related("by", "client_link")
    return document(draft) | {"decisions": [decided(each) for each in decisions]}


def decided(row: models.Decision) -> dict[str, Any]:
    return {
        "at": iso(row.at),
        "verb": row.verb,
        "who": row.who,
        "via": row.via,
        "note": row.note,
        "tags": row.tags,
        "diff": row.diff,
    }
