"""What lifting pauses would set free. Reads only, and asks the gates themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from publishing import gates
from publishing.models import Pause, Publication


@dataclass(frozen=True)
class Step:
    """One publication that is held now. `verdict` is go, hold or stop."""

    publication: Publication
    verdict: str
    because: str
    will: str


def plan(pauses: Sequence[Pause], now: datetime) -> list[Step]:
    """Each publication that one of `pauses` holds, once, by time."""
    lifted = [pause.pk for pause in pauses]
    others = list(Pause.objects.in_force().exclude(pk__in=lifted).select_related("account", "client"))
    held: dict[int, Publication] = {}
    for pause in pauses:
        rows = Publication.objects.held_by(pause).select_related("account__client")
        held.update({row.pk: row for row in rows})
    by_time = sorted(held.values(), key=lambda row: (row.publish_at, row.pk))
    return [step(row, now, others) for row in by_time]


def step(row: Publication, now: datetime, others: list[Pause]) -> Step:
    verdict, because = fate(row, now, others)
    if verdict == "go":
        return Step(row, verdict, "", "goes at once" if row.publish_at <= now else f"goes at {row.local_time()}")
    return Step(row, verdict, because, f"{'will be missed' if verdict == 'stop' else 'stays held'}: {because}")


def fate(row: Publication, now: datetime, others: list[Pause]) -> tuple[str, str]:
    """(go | hold | stop, why), by the gates themselves, as if the lifted pauses were gone."""
    late = gates.lateness(row, gates.Question(now))
    if isinstance(late, gates.Stop):
        return "stop", late.because
    holding = next((other for other in others if other.holds(row.account)), None)
    if holding:
        return "hold", f"Still held: {holding.scope} is paused."
    health = gates.account_health(row, gates.Question(now))
    return ("hold", health.because) if isinstance(health, gates.Hold) else ("go", "")
