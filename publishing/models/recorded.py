"""The part of Publication that keeps its history, and is asked whether the history bears it out."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from publishing import seal
from publishing.models import heads
from publishing.models.entry import Entry, Terms, fault_in
from publishing.models.states import State
from publishing.models.witness import Witness

if TYPE_CHECKING:
    from publishing.models.entry import EntryQuerySet

EARLIER = "It was approved before there were histories. Run manage.py seal_history once, or approve it again"


class Recorded(models.Model):
    class Meta:
        abstract = True

    if TYPE_CHECKING:
        seal: str
        history: EntryQuerySet

        @property
        def client_id(self) -> int: ...

    def terms(self) -> Terms:
        """All that decides whether, when and how it goes out. The content is not in it: its seal is over that."""
        values = {name: getattr(self, name) for name in TERMS}
        return {name: said(value) for name, value in values.items()}

    def record(self, verb: str, found: Terms, who: User | None) -> None:
        """One line more. What has not been sealed in yet has no history."""
        if seal.is_earlier(self.seal):
            return
        if Entry.objects.add(self, verb, found, who, timezone.now()).number == 1:
            heads.begin(self.pk)

    def renew_history(self) -> None:
        """With today's first key. In the transaction that has locked it, and has found nothing wrong."""
        for line in self.history.all():
            line.renew_seal()
            line.save(update_fields=["seal"])

    def history_fault(self) -> str:
        """Why its history does not bear out that it goes out as its row says, or nothing. Reads both afresh."""
        lines = list(self.history.order_by("number"))
        if not lines:
            return self.fault_without_history()
        if fault := fault_in(lines):
            return fault
        if any(line.state in {State.PUBLISHED, State.RECOVERED} for line in lines):
            return "it has been published before, says its history"
        return self.difference(lines) or Witness.objects.fault_of(lines)

    def record_commit(self) -> None:
        """From here on something public may exist. In the caller's transaction."""
        self.record(COMMIT, self.terms(), None)

    def told_commit(self) -> datetime | None:
        """When the last claim began to commit, as its history tells: whoever writes rows can make an attempt forget."""
        for line in self.history.order_by("-number"):
            if line.verb == COMMIT:
                return line.at
            if line.verb == CLAIM:
                return None
        return None

    def told_fault(self) -> str:
        """Why its history cannot be asked what became of it, or nothing."""
        lines = list(self.history.order_by("number"))
        if not lines:
            return "" if seal.is_earlier(self.seal) else "its history is gone"
        return fault_in(lines) or self.difference(lines) or Witness.objects.fault_of(lines) or self.lost_history()

    def lost_history(self) -> str:
        """What was cut off the end of its client's history, or nothing."""
        clients = set(self.history.values_list("client", flat=True).distinct().order_by())
        return heads.fault({*clients, self.client_id})

    def torn_history(self) -> str:
        """What is wrong with its history, wherever it ended. Lists read the lines of many at once."""
        lines = list(self.history.all())
        if not lines:
            return "" if seal.is_earlier(self.seal) else "its history is gone"
        return fault_in(lines) or self.difference(lines)

    def difference(self, lines: Sequence[Entry]) -> str:
        if lines[-1].terms == self.terms():
            return ""
        return f"its history ends with “{lines[-1]}”, and its row says something else"

    def fault_without_history(self) -> str:
        """The old seal decides alone, until its client's history has begun."""
        if not seal.is_earlier(self.seal):
            return "its history is gone"
        return EARLIER if Witness.objects.filter(client=self.client_id).exists() else ""


CLAIM, COMMIT = "take", "commit"
"""The verb that claims it, and the line that is written before the call that makes it public."""
TERMS = (
    "state",
    "mode",
    "account_id",
    "approval_id",
    "approved_by_id",
    "approved_at",
    "agreed_by_id",
    "slot_at",
    "publish_at",
    "scheduled_at",
    "published_at",
    "cadence_override",
)


def said(value: Any) -> Any:
    """As it is kept in JSON: names, numbers, and moments in UTC."""
    if value is None or isinstance(value, int):
        return value
    return seal.instant(value) if hasattr(value, "tzinfo") else str(value)
