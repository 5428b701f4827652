"""What the review pages show. Reads only."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from approval.cautions import cautions, known
from approval.clientlinks.screens import heard, watchers
from approval.forms import UNDO
from approval.models import Decision, Draft
from approval.replacing import is_unchanged
from approval.surroundings import around
from approval.versions import Diff, fold
from publishing import slots
from publishing.forms import row_number
from publishing.limits import hashtags, mentions
from publishing.models import Client
from publishing.outlook import Wish, ahead
from sophia import people

BESIDE = 50
ASKING = [Draft.State.IN_REVIEW, Draft.State.APPROVED]
"""Where the slot and what speaks against it still matter."""
COMING = [Draft.State.DRAFT, Draft.State.REJECTED, Draft.State.SKIPPED]
NEEDED = {
    "submit": people.SUBMIT,
    "withdraw": people.SUBMIT,
    "approve": people.APPROVE,
    "reject": people.REVIEW,
    "skip": people.REVIEW,
    "reopen": people.REVIEW,
}


def waiting(person: User, asked: Mapping[str, str]) -> QuerySet[Draft]:
    """The review queue in the order in which it is shown: client by client, longest waiting first."""
    rows = of_client(Draft.objects.visible_to(person).in_review().select_related("account__client"), asked)
    return rows.order_by("account__client__name", "submitted_at", "pk")


def in_state(person: User, state: str, asked: Mapping[str, str]) -> QuerySet[Draft]:
    rows = for_lists(Draft.objects.visible_to(person).filter(state=state))
    return of_client(rows, asked).order_by("-pk")


def stale(person: User, asked: Mapping[str, str]) -> QuerySet[Draft]:
    """Those that wait too long for their review, the longest waiting first."""
    rows = for_lists(Draft.objects.visible_to(person).stale(timezone.now()))
    return of_client(rows, asked).order_by("submitted_at", "pk")


def for_lists(rows: QuerySet[Draft]) -> QuerySet[Draft]:
    return rows.select_related("account__client", "author", "publication").prefetch_related(
        "pictures__image", "comments__link__client"
    )


def of_client(rows: QuerySet[Draft], asked: Mapping[str, str]) -> QuerySet[Draft]:
    client = row_number(asked.get("client", ""))
    return rows if client is None else rows.filter(account__client=client)


def follower(person: User, draft: Draft, asked: Mapping[str, str]) -> Draft | None:
    """The draft that comes after this one in the queue, or the first one after the last."""
    rows = waiting(person, asked).exclude(pk=draft.pk)
    name, since = draft.account.client.name, draft.submitted_at
    later = Q(submitted_at__gt=since) | Q(submitted_at=since, pk__gt=draft.pk)
    after = rows.filter(Q(account__client__name__gt=name) | Q(account__client__name=name) & later)
    return after.first() or rows.first()


def query(asked: Mapping[str, str]) -> str:
    """What carries the client filter from page to page."""
    client = row_number(asked.get("client", ""))
    return "" if client is None else "?" + urlencode({"client": client})


def beside(person: User, asked: Mapping[str, str]) -> dict[str, Any]:
    """The queue beside the draft, by client."""
    rows = list(waiting(person, asked).prefetch_related("pictures", "comments__link__client")[: BESIDE + 1])
    groups = groupby(rows[:BESIDE], key=lambda row: row.account.client)
    return {
        "groups": [(client, list(drafts)) for client, drafts in groups],
        "queued": rows[:BESIDE],
        "more": len(rows) > BESIDE,
        "clients": Client.objects.visible_to(person),
        "client": asked.get("client", ""),
        "query": query(asked),
        "stale": of_client(Draft.objects.visible_to(person).stale(timezone.now()), asked).count(),
        "states": Draft.State,
    }


def draft(found: Draft, user: User, asked: Mapping[str, str]) -> dict[str, Any]:
    context = beside(user, asked)
    slots, pictures = free_slots(found), found.framed()
    decisions = list(found.decisions.select_related("by", "client_link").order_by("-pk"))
    near = around(found, slots)
    return context | {
        "draft": found,
        "digest": found.digest(),
        "content": found.outline(),
        "pictures": pictures,
        "counts": counts(found),
        "problems": found.problems(),
        "slots": slots,
        "undo": UNDO,
        **expected(found, slots),
        "around": near if found.state in ASKING else None,
        "cautions": cautions(found, known([found]), near.close()) if found.state in ASKING else [],
        "verbs": possible(found, user),
        "agreement": found.agreement,
        "objection": objection(found, user),
        "wants_two": found.rule == Client.Rule.TWO,
        "decisions": decisions,
        "asked": next((one for one in decisions if one.verb in {"submitted", "reopened"}), None),
        "edits": edits(decisions),
        "heard": heard(found),
        "watchers": watchers(user, found.client_id) if found.state in COMING else [],
        "unchanged": is_unchanged(found),
        "neighbours": neighbours(found, context["queued"]),
    }


def edits(decisions: list[Decision]) -> Diff:
    """What several edits changed all together. One edit is read where it stands."""
    diffs = [decision.diff for decision in reversed(decisions) if decision.diff]
    total: Diff = {}
    for diff in diffs:
        fold(total, diff)
    return {field: versions for field, versions in total.items() if versions[0] != versions[1]} if diffs[1:] else {}


def free_slots(found: Draft) -> dict[str, Any]:
    """For an account with a cadence: when it would go out if it were approved now, or for its suggested time."""
    account, now = found.account, timezone.now()
    if account.rule.is_free or found.state != Draft.State.IN_REVIEW:
        return {}
    suggested = found.suggested_at if found.is_ahead else None
    return {
        "why": slots.why_not(account, suggested or now),
        "now": slots.next_free(account, now),
        "suggested": slots.next_free(account, suggested) if suggested else None,
    }


def expected(found: Draft, free: dict[str, Any]) -> dict[str, Any]:
    """What holds its account, at each time that is offered. Told before it is approved."""
    if found.state != Draft.State.IN_REVIEW:
        return {}
    now, suggested = timezone.now(), found.suggested_at if found.is_ahead else None
    times = [free.get("now") or now + UNDO, *filter(None, [free.get("suggested") or suggested])]
    outlooks = ahead([Wish(found.account, at, found.pictures) for at in times], now)
    return {
        "held": list(dict.fromkeys(each.sentence for each in outlooks if each.held)),
        "now_held": bool(outlooks[0].held),
    }


def possible(found: Draft, user: User) -> set[str]:
    """The verbs that the state allows now and that this person may do. The verbs check both again."""
    steps = {step.name for step in found.get_available_state_transitions()}  # type: ignore[attr-defined]
    verbs = {verb for verb in steps & NEEDED.keys() if user.has_perm(NEEDED[verb])}
    if objection(found, user):
        verbs.discard("approve")
    if found.state != Draft.State.APPROVED and user.has_perm(people.SUBMIT):
        verbs.add("edit")
    return verbs


def objection(found: Draft, user: User) -> str:
    """Told before the key is pressed: the verb would refuse."""
    asked = found.state == Draft.State.IN_REVIEW and user.has_perm(people.APPROVE)
    return found.objection(user) if asked else ""


def neighbours(found: Draft, queued: list[Draft]) -> tuple[Draft | None, Draft | None, int]:
    """The drafts before and after this one, and its place. It may not be in the queue (any more)."""
    place = next((number for number, row in enumerate(queued) if row.pk == found.pk), None)
    if place is None:
        return None, queued[0] if queued else None, 0
    before = queued[place - 1] if place else None
    after = queued[place + 1] if place + 1 < len(queued) else None
    return before, after, place + 1


def counts(found: Draft) -> list[tuple[str, int, int | None]]:
    """What the platform counts, against what it takes."""
    limits, message = found.account.limits, found.outline().message
    rows = [
        ("characters", len(message), limits.text),
        ("images", found.pictures.count(), limits.images),
        ("hashtags", hashtags(message), limits.hashtags),
        ("mentions", mentions(message), limits.mentions),
    ]
    return [(name, count, limit) for name, count, limit in rows if limit is not None]
