"""How far the recoveries of an emergency have come, counted from their rows."""

from dataclasses import dataclass, field

from publishing.models.recovery import Recovery, RecoveryQuerySet

NAMED = 10


@dataclass
class Tally:
    """The numbers of publications, by what has become of each."""

    gone: list[int] = field(default_factory=list)
    executing: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    manual: list[int] = field(default_factory=list)
    dismissed: list[int] = field(default_factory=list)
    photos_left: list[int] = field(default_factory=list)
    """Those among the gone whose photos are not all gone."""
    awaited: list[int] = field(default_factory=list)
    """With the platform when it began, and nobody knows yet whether they are out."""
    never_out: list[int] = field(default_factory=list)
    """With the platform when it began, and they never became public."""

    @classmethod
    def of(cls, recoveries: RecoveryQuerySet, unasked: list[int]) -> "Tally":
        tally = cls(waiting=unasked)
        needy = set(recoveries.needing_a_person().values_list("pk", flat=True))
        for recovery in recoveries.select_related("publication").order_by("publication"):
            getattr(tally, fate(recovery, recovery.pk in needy)).append(recovery.publication_id)
        tally.photos_left = list(recoveries.leaving_photos().values_list("publication", flat=True))
        return tally

    @property
    def total(self) -> int:
        """Of those that are known to be, or to have been, out."""
        return sum(map(len, (self.gone, self.executing, self.waiting, self.failed, self.manual, self.dismissed)))

    @property
    def open(self) -> int:
        return len(self.executing) + len(self.waiting) + len(self.awaited)

    @property
    def settled(self) -> int:
        return self.total - len(self.executing) - len(self.waiting)

    @property
    def sentence(self) -> str:
        if not self.total and not self.awaited:
            return "no post is left to it: a later emergency has them, or none came out."
        parts = [f"{len(self.gone)} of {self.total} {'is' if self.total == 1 else 'are'} proved gone"]
        if self.photos_left:
            parts.append(f"but photos are left of {named(self.photos_left)}")
        if self.failed:
            parts.append(f"{len(self.failed)} failed so far, and are tried again: {named(self.failed)}")
        if self.manual:
            parts.append(f"{len(self.manual)} must be removed by a person: {named(self.manual)}")
        if self.dismissed:
            parts.append(f"{len(self.dismissed)} may stay up: {named(self.dismissed)}")
        if self.executing or self.waiting:
            parts.append(f"{len(self.executing) + len(self.waiting)} are being taken down")
        if self.awaited:
            parts.append(f"of {len(self.awaited)} nobody knows yet whether they are out")
        if self.never_out:
            parts.append(f"{len(self.never_out)} never went out")
        return "; ".join(parts) + "."


def fate(recovery: Recovery, needs_a_person: bool) -> str:
    state, out = recovery.state, recovery.publication
    if not out.is_live and not out.is_recovered:
        return "awaited" if recovery.is_open else "never_out"
    match state:
        case Recovery.State.COMPLETED:
            return "gone"
        case Recovery.State.MANUAL | Recovery.State.EXECUTING | Recovery.State.DISMISSED:
            return {"manual_recovery_needed": "manual"}.get(state, state)
        case _:
            return "failed" if needs_a_person else "waiting"


def named(publications: list[int]) -> str:
    more = f" and {len(publications) - NAMED} more" if len(publications) > NAMED else ""
    return ", ".join(f"publication {pk}" for pk in publications[:NAMED]) + more
