"""What an agent may see, and how it is told."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q

from approval.agents.callers import Clients
from approval.models import Decision, Draft, DraftQuerySet
from publishing.models import Publication, Recovery, SocialAccount
from publishing.models.queue import PublicationQuerySet, chosen
from sophia.refusals import NotAllowed, Refused

MOST = 100


def require_view(person: User, permission: str) -> None:
    if not person.has_perm(permission):
        raise NotAllowed(f"{person.get_username()} may not look at that. Ask an administrator for a role.")


def drafts(person: User, clients: Clients) -> DraftQuerySet:
    require_view(person, "approval.view_draft")
    rows = Draft.objects.select_related("account__client", "publication").prefetch_related("pictures")
    return rows.for_clients(clients)


def publications(person: User, clients: Clients) -> PublicationQuerySet:
    require_view(person, "publishing.view_publication")
    rows = Publication.objects.select_related("account__client")
    return rows.for_clients(clients)


def account(person: User, clients: Clients, label: str) -> SocialAccount:
    try:
        return SocialAccount.objects.all().for_clients(clients).named(label)
    except Refused:
        raise Refused(f"There is no account “{label}” among those that you work for.") from None


def draft_named(person: User, clients: Clients, name: str) -> Draft:
    """By its id, or by the ref that it was submitted with. A ref wins: the agent has chosen it."""
    rows = drafts(person, clients)
    found = rows.filter(ref=name).first() or rows.filter(pk=number_in(name)).first()
    if found is None:
        raise Refused(f"No draft has the id or the ref “{name}”. list_drafts tells which there are.")
    return found


def number_in(name: str) -> int:
    """0, which is nobody's id, where it is none."""
    return int(name) if name.isascii() and name.isdigit() and len(name) < 19 else 0


def publication_named(person: User, clients: Clients, name: str) -> Publication:
    name = name.strip()
    matches = Q(post_id=name) | Q(permalink=name) | Q(pk=number_in(name))
    return chosen(name, list(publications(person, clients).filter(matches)) if name else [])


def draft_document(draft: Draft) -> dict[str, Any]:
    publication = draft.publication
    return {
        "id": draft.pk,
        "ref": draft.ref,
        "title": draft.title,
        "account": draft.account.label,
        "client": draft.account.client.name,
        "state": draft.state,
        "stage": draft.stage,
        "text": draft.text,
        "link": draft.link,
        "images": [{"sha256": picture.image_id, "alt": picture.alt} for picture in draft.pictures.all()],
        "digest": draft.digest(),
        "suggested_at": draft.suggested_at,
        "publication": publication.pk if publication else None,
        "publish_at": publication.publish_at if publication else None,
        "permalink": (publication.permalink or None) if publication else None,
    }


def decision_document(decision: Decision) -> dict[str, Any]:
    return {
        "verb": decision.verb,
        "by": decision.who,
        "at": decision.at,
        "via": decision.via,
        "note": decision.note,
        "tags": decision.tags,
        "changes": decision.diff,
    }


def publication_document(publication: Publication) -> dict[str, Any]:
    return {
        "id": publication.pk,
        "account": publication.account.label,
        "client": publication.account.client.name,
        "state": publication.state,
        "text": publication.text,
        "publish_at": publication.publish_at,
        "published_at": publication.published_at,
        "permalink": publication.permalink or None,
        "reason": publication.reason,
    }


def recovery_document(recovery: Recovery) -> dict[str, Any]:
    return {
        "id": recovery.pk,
        "publication": recovery.publication_id,
        "state": recovery.state,
        "urgency": recovery.urgency,
        "reason": recovery.reason,
    }
