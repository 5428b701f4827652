"""What lifting pauses sets free: shown first, then done as it was shown. Asks the gates themselves."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from publishing import gates, slots
from publishing.models import Pause, Publication
from sophia.doors import Via
from sophia.refusals import ChangedUnderneath, Refused


@dataclass(frozen=True)
class Step:
    """One publication that is held now. `verdict` is go, respace (to `at`), hold or stop."""

    publication: Publication
    verdict: str
    because: str
    will: str
    at: datetime | None = None


def plan(pauses: Sequence[Pause], now: datetime) -> list[Step]:
    """Each publication that one of `pauses` holds, once, by time. In as many queries for many as for few."""
    held: dict[int, Publication] = {}
    for pause in pauses:
        rows = Publication.objects.held_by(pause).select_related(None)
        held.update({row.pk: row for row in rows.prefetch_related("account__client", "lookalikes__recovery")})
    by_time = sorted(held.values(), key=lambda row: (row.publish_at, row.pk))
    accounts = {row.account_id: row.account for row in by_time}
    last = max((row.publish_at for row in by_time), default=now)
    diary = slots.Diary(accounts.values(), now, max(last, now), besides=held.keys())
    question, planned = without(pauses, now), dict[int, list[datetime]]()
    return [step(row, question, diary, planned.setdefault(row.account_id, [])) for row in by_time]


def without(pauses: Sequence[Pause], now: datetime) -> gates.Question:
    lifted = [pause.pk for pause in pauses]
    others = Pause.objects.in_force().exclude(pk__in=lifted).select_related("started_by", "client", "account")
    return gates.Question(now, pauses=list(others), unread={row.account_id: row for row in gates.unread()})


def step(row: Publication, question: gates.Question, diary: slots.Diary, planned: list[datetime]) -> Step:
    """`planned` are the slots that those before it on its account get. Its own is added."""
    closed, now = gates.first_of(gates.FORESEEN, row, question), question.now
    if isinstance(closed, gates.Stop):
        return Step(row, "stop", closed.because, f"will be missed: {closed.because}")
    if closed:
        return Step(row, "hold", closed.because, f"stays held: {closed.because}")
    wanted = max(row.publish_at, now)
    slot = wanted if row.cadence_override else diary.next_free(row.account, wanted, planned)
    planned.append(slot)
    if slot > wanted:
        because = diary.why_not(row.account, wanted, planned[:-1])
        return Step(row, "respace", because, f"moves to {row.account.clock(slot)}: {because}", slot)
    return Step(row, "go", "", "goes at once" if row.publish_at <= now else f"goes at {row.local_time()}")


def digest(steps: Sequence[Step]) -> str:
    """Stands for a plan that a person saw. Moments are left out: they move with the clock."""
    said = " ".join(f"{each.publication.pk}:{each.verdict}" for each in steps)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def lift(pauses: Sequence[Pause], *, by: User, via: str = Via.WEB, seen: str | None = None) -> list[Step]:
    """Do what the plan says, and lift. ChangedUnderneath when it is no longer the plan that `seen` stands for.

    Everything gets its new slot while it is still held, each for itself, so that nothing bursts out in between.
    """
    steps = plan(pauses, timezone.now())
    if seen is not None and seen != digest(steps):
        raise ChangedUnderneath("What lifting would do has changed since you looked. Read the plan again, then decide.")
    for pause in pauses:
        pause.require_liftable(by)
    for each in reversed(steps):  # All move to later: the last one first makes room for those before it.
        if each.at is not None:
            try:
                each.publication.respace(by=by, at=each.at)
            except Refused:
                continue  # Somebody was quicker: moved or cancelled it, or took the slot. The claim keeps the distance.
    for pause in pauses:
        pause.lift(by=by, via=via)
    return steps
