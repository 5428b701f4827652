"""What the pages of client links show. Reads only."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, F, Max, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from approval.clientlinks.models import ClientLink
from approval.models import Decision, Draft
from approval.seeing import on
from approval.versions import changes_since
from publishing import slots
from publishing.forms import row_number
from publishing.models import Image, Publication
from publishing.outlook import Wish, ahead, said
from sophia.membership import Person

MOST = 100
ANSWERED = 10
TOLD = 30
NO_TIME = (
    "Its planned time has passed, so it cannot be approved here. If you agree with it, write that below: your agency "
    "then chooses a new time."
)

TWIN = (
    "A post with the same text, images or link is out or planned already, so this one cannot be approved here. If you "
    "want it all the same, write that below: your agency then decides."
)


SAY_WHY = (
    "Somebody at your side has written about this post, and nobody has answered yet. Read it below. To approve the "
    "post as it is, say why."
)


def asked(typed: QueryDict) -> dict[str, Any]:
    """As `ClientLink.approve` wants it."""
    said = {name: typed.get(name, "") for name in ("digest", "answer")}
    return said | {"seen": on("client page", typed)}


def waiting(link: ClientLink) -> QuerySet[Draft]:
    rows = Draft.objects.in_review().filter(account__client=link.client_id)
    return rows.select_related("account__client").order_by(F("suggested_at").asc(nulls_last=True), "submitted_at", "pk")


def listing(link: ClientLink, token: str, done: str) -> dict[str, Any]:
    rows = list(waiting(link).prefetch_related("pictures__image")[: MOST + 1])
    answered = list(approvals(link).select_related("publication__account__client", "draft__account")[:ANSWERED])
    done_now = next((decision for decision in answered if decision.draft_id == row_number(done)), None)
    return common(link, token) | {
        "drafts": rows[:MOST],
        "more": len(rows) > MOST,
        "answered": answered,
        "agreed": agreed(link, row_number(done)),
        "done": done_now,
        "becomes": said_of(done_now.publication) if done_now else "",
    }


def agreed(link: ClientLink, pk: int | None) -> bool:
    """Whether this person has given the first of two approvals that this draft waits for."""
    draft = waiting(link).filter(pk=pk).first() if pk else None
    first = draft.agreement if draft else None
    return first is not None and first.client_link_id == link.pk


def common(link: ClientLink, token: str) -> dict[str, Any]:
    return {
        "link": link,
        "token": token,
        "client_images": reverse("client:drafts", args=[token]),
        "may": link.may_approve,
    }


def approvals(link: ClientLink) -> QuerySet[Decision]:
    return Decision.objects.filter(client_link=link, verb=Decision.Verb.APPROVED).order_by("-pk")


def draft(link: ClientLink, token: str, found: Draft) -> dict[str, Any]:
    """As it is now, and how that differs from what this person last saw."""
    digest = found.digest()
    seen = link.visits.filter(draft=found).values_list("digest", flat=True).first()
    changed = seen is not None and seen != digest
    slot = slots.next_free(found.account, found.planned_at)
    return common(link, token) | {
        "draft": found,
        "digest": digest,
        "account": found.account,
        "zone": found.account.client.zone,
        "content": found.outline(),
        "pictures": found.framed(),
        "slot": slot,
        "expected": ahead([Wish(found.account, slot, found.pictures)], timezone.now())[0],
        "unanswered": [comment for comment in found.unanswered if comment.link_id != link.pk],
        "own": [comment for comment in found.unanswered if comment.link_id == link.pk],
        "changed": changed,
        "agreed": agreed(link, found.pk),
        "no_time": NO_TIME if found.needs_a_time else "",
        "diff": changes_since(seen, list(found.decisions.order_by("pk"))) if changed and seen else {},
        "comments": link.comments.filter(draft=found),
    }


def decided(link: ClientLink, token: str, found: Draft) -> dict[str, Any]:
    mine = approvals(link).filter(draft=found, publication=found.publication).select_related("publication").first()
    becomes = said_of(mine.publication) if mine else ""
    return common(link, token) | {"draft": found, "zone": found.account.client.zone, "mine": mine, "becomes": becomes}


def said_of(publication: Publication | None) -> str:
    return said(publication, timezone.now(), to_client=True) if publication else ""


def may_see(link: ClientLink, image: Image) -> bool:
    return waiting(link).filter(pictures__image=image).exists() or seen_before(link, image)


def seen_before(link: ClientLink, image: Image) -> bool:
    """One that was in a draft of theirs and was taken out: the change that they are shown holds it."""
    edits = Decision.objects.filter(draft__in=waiting(link), verb=Decision.Verb.EDITED)
    diffs = [diff.get("images", []) for diff in edits.values_list("diff", flat=True)]
    return any(picture["sha256"] == image.pk for versions in diffs for version in versions for picture in version)


def links(person: Person) -> QuerySet[ClientLink]:
    rows = ClientLink.objects.visible_to(person).select_related("client", "made_by", "may_approve_by", "revoked_by")
    counted = rows.annotate(seen_at=Max("visits__at"), comments_count=Count("comments", distinct=True))
    return counted.order_by("client__name", "-pk")


def watchers(person: User, client: int | None = None) -> list[str]:
    """Who can see a draft from the moment when it is submitted: of this client, or of all."""
    links = ClientLink.objects.visible_to(person).filter(revoked_at=None, expires_at__gt=timezone.now())
    rows = links.select_related("client").order_by("client__name", "pk")
    return [f"{link.person} ({link.client})" for link in (rows.filter(client=client) if client else rows)[:TOLD]]


def heard(found: Draft) -> dict[str, Any]:
    """For the review page: what clients said about this draft, and when they looked at which version."""
    return {
        "comments": found.comments.select_related("link__client", "answer__by", "answer__client_link"),
        "visits": found.visits.select_related("link")[:TOLD],
    }
