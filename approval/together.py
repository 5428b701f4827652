"""Several drafts read in one list and approved by one press. Each is judged by itself, with its own digest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from approval import screens
from approval.cautions import Caution, cautions, known
from approval.forms import TAKEN_BACK, UNDO, undoable
from approval.hearing import Unanswered
from approval.models import Draft
from approval.seeing import on
from approval.suggesting import TimePassed
from approval.surroundings import CLOSE, close_to
from publishing import slots
from publishing.forms import row_number
from publishing.outlook import Outlook, Wish, ahead, said_of
from sophia import people
from sophia.answers import Asked, seen_with
from sophia.refusals import Refused, WantsReason

MOST = 25
"""Each takes 15 to 20 milliseconds of the web to approve. The next ones are a press away."""
TOGETHER = "together"
READ = ("pictures__image", "decisions__by", "comments__link__client")
EMPTY: Mapping[str, str] = {}
GIVE = timedelta(minutes=15)
"""A slot may be so much later than the list said: it was read for a while. Beyond that somebody else took it."""


@dataclass(frozen=True)
class Planned:
    draft: Draft
    digest: str
    slot: datetime
    cautions: list[Caution]
    objection: str
    problems: list[str]
    outlook: Outlook
    why: str
    """Past what its client has said, as it was typed."""

    @property
    def suffix(self) -> str:
        return f"-{self.draft.pk}"


@dataclass(frozen=True)
class Result:
    draft: Draft
    refused: Refused | None = None
    said: str = ""


@require_http_methods(["GET", "POST"])
@seen_with("approval.view_draft", people.APPROVE)
def together(request: Asked) -> HttpResponse:
    if request.method == "POST":
        results = told([settle(draft, request.POST, request.user) for draft in named(request.POST, request.user)])
        again = [result.draft.pk for result in results if result.refused]
        return listing(request, screens.waiting(request.user, {}).filter(pk__in=again), results)
    chosen = screens.waiting(request.user, request.GET)
    if "draft" in request.GET:
        chosen = chosen.filter(pk__in=numbers(request.GET))
    return listing(request, chosen, [])


def listing(request: Asked, chosen: Any, results: Sequence[Result]) -> HttpResponse:
    rows = list(chosen.select_related("author").prefetch_related(*READ)[: MOST + 1])
    if not rows and not results:
        messages.warning(request, "None of these is in review any more. Select some in the list.")
        return redirect("approval:review")
    context = {
        "rows": plan(rows[:MOST], request.user, timezone.now(), request.POST),
        "beyond": MOST if len(rows) > MOST else 0,
        "results": results,
        "refused": [result for result in results if result.refused],
        "more": bool(results) and not rows and screens.waiting(request.user, {}).exists(),
        "taken_back": TAKEN_BACK,
    }
    return render(request, "approval/together.html", context, status=409 if context["refused"] else 200)


def numbers(typed: QueryDict) -> list[int]:
    return [number for text in typed.getlist("draft") if (number := row_number(text)) is not None]


def named(typed: QueryDict, person: User) -> list[Draft]:
    """In the order of the list, also those that somebody else has decided since: they are told."""
    rows = Draft.objects.visible_to(person).select_related("account__client", "author")
    found = rows.in_bulk(numbers(typed)[:MOST])
    return [found[number] for number in dict.fromkeys(numbers(typed)) if number in found]


def plan(chosen: Sequence[Draft], by: User, now: datetime, typed: Mapping[str, str] = EMPTY) -> list[Planned]:
    facts, slots = known(chosen), slots_for(chosen, now)
    outlooks = ahead([Wish(each.account, slot, each.pictures) for each, slot in zip(chosen, slots, strict=True)], now)
    near = close_to([(draft.account_id, slot) for draft, slot in zip(chosen, slots, strict=True)])
    return [
        Planned(
            draft,
            draft.digest(),
            slot,
            [*cautions(draft, facts, close), *crowded(number, chosen, slots)],
            draft.objection(by) or too_late(draft),
            draft.problems(),
            expected,
            typed.get(f"answer-{draft.pk}", ""),
        )
        for number, (draft, slot, close, expected) in enumerate(zip(chosen, slots, near, outlooks, strict=True))
    ]


def slots_for(chosen: Sequence[Draft], now: datetime) -> list[datetime]:
    """One after the other, as the cadence of each account gives them."""
    wishes = [max(draft.planned_at, now + UNDO) for draft in chosen]
    diary = slots.Diary([draft.account for draft in chosen], now, max(wishes, default=now))
    taken: dict[int, list[datetime]] = {}
    found = []
    for draft, wanted in zip(chosen, wishes, strict=True):
        found.append(diary.next_free(draft.account, wanted, taken.setdefault(draft.account_id, [])))
        taken[draft.account_id].append(found[-1])
    return found


def crowded(number: int, chosen: Sequence[Draft], slots: Sequence[datetime]) -> list[Caution]:
    """An earlier one of this list takes a slot within the hour, on the same account."""
    account, slot = chosen[number].account_id, slots[number]
    earlier = zip(chosen[:number], slots[:number], strict=True)
    near = [at for draft, at in earlier if draft.account_id == account and abs(at - slot) < CLOSE]
    return (
        [Caution("Another one of this list goes out within the hour, on the same account:", None, near[-1])]
        if near
        else []
    )


def settle(draft: Draft, typed: QueryDict, by: User) -> Result:
    try:
        approve(draft, typed, by)
    except Refused as refused:
        draft.refresh_from_db()
        if isinstance(refused, WantsReason) and not isinstance(refused, Unanswered):
            return Result(draft, Refused(refused.ALONE))
        return Result(draft, refused)
    return Result(draft)


def told(results: Sequence[Result]) -> list[Result]:
    """With when each goes out. The gates are asked once for all."""
    approved = [result.draft.publication for result in results if result.draft.publication and not result.refused]
    sentences = dict(zip((row.pk for row in approved), said_of(approved, timezone.now()), strict=True))
    return [replace(result, said=sentences.get(result.draft.publication_id or 0, "")) for result in results]


def approve(draft: Draft, typed: QueryDict, by: User) -> None:
    if late := too_late(draft):
        raise TimePassed(late)
    shown = moment(typed.get(f"slot-{draft.pk}", ""))
    at = slots.next_free(draft.account, undoable(shown or timezone.now()))
    if shown and at - max(shown, timezone.now()) > GIVE:
        raise Refused(f"Its slot was taken meanwhile. The next free one is {draft.account.clock(at)}.")
    digest, answer = typed.get(f"digest-{draft.pk}", ""), typed.get(f"answer-{draft.pk}", "")
    draft.approve(by=by, digest=digest, at=at, exact=True, answer=answer, seen=on(TOGETHER, typed, f"-{draft.pk}"))


def too_late(draft: Draft) -> str:
    return f"{draft.over} Look at it alone and choose another one." if draft.needs_a_time else ""


def moment(typed: str) -> datetime | None:
    """As the page wrote it, in ISO 8601 with an offset. What the list showed and has passed means now."""
    try:
        at = parse_datetime(typed)
    except ValueError:
        return None
    return max(at, timezone.now()) if at and timezone.is_aware(at) else None
