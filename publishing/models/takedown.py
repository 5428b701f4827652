"""Asking for a publication to be taken down. `recovery.py` carries it out."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction

from publishing.models.identification import Identification
from publishing.models.reconciliation import Reconciliation
from publishing.models.recovery import Recovery, RecoveryQuerySet
from publishing.models.states import CANCELLABLE, State
from sophia import people
from sophia.doors import Via
from sophia.refusals import Refused, WrongState
from sophia.transitions import saved_transition

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    class RecoveryManager(RelatedManager[Recovery], RecoveryQuerySet): ...  # type: ignore[misc]


NOT_OUT = {
    State.QUEUED: "It has not gone out yet. Cancel it instead.",
    State.MISSED: "It never went out. Cancel it instead.",
    State.FAILED: "It never went out. Cancel it instead.",
    State.HANDOFF: "It waits for a person to post it. Cancel it instead.",
    State.CANCELLED: "It never went out: it was cancelled.",
    State.RECOVERED: "It has already been taken down.",
}


class Takedown(Reconciliation):
    """The part of Publication that comes down again."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def recoveries(self) -> "RecoveryManager": ...

    def recover(
        self, *, by: User, reason: str, urgency: str = Recovery.Urgency.IMMEDIATE, via: str = Via.WEB
    ) -> Recovery:
        """Take it down now, or file it for a person to execute or dismiss. An open recovery is taken up again. What is
        with the platform still comes down as soon as it is known to be out."""
        people.require(by, people.RECOVER, of=self.client_id)
        if not reason.strip():
            raise Refused("Say why it must come down: the reason is kept with the post.")
        with transaction.atomic():
            self.lock()
            if self.state in NOT_OUT:
                raise WrongState(f"{self} cannot be taken down. {NOT_OUT[self.state]}")
            known, at_once = self.open_recovery(), urgency == Recovery.Urgency.IMMEDIATE
            recovery = known or self.recoveries.create(reason=reason.strip(), urgency=urgency, requested_by=by, via=via)
            if not known or (at_once and not recovery.is_under_way):
                self.say("recovery.requested", f"{by} asked to take down {self}: {reason.strip()}")
            if at_once and not recovery.is_executing:
                recovery.start(by=by)
        return recovery

    def open_recovery(self) -> Recovery | None:
        """Held until the transaction ends, so that no worker begins it meanwhile."""
        recovery = self.recoveries.open().first()
        if recovery:
            recovery.lock()
        return recovery if recovery and recovery.is_open else None

    def witness_gone(self, *, by: User, note: str) -> None:
        """A person removed it by hand and saw it gone, where Sophia cannot look."""
        with transaction.atomic():
            self.lock()
            recovery = self.open_recovery()
            if recovery is None:
                raise WrongState(f"Nobody has asked to take down {self}.")
            recovery.witness(by=by, note=note)
            self.mark_recovered()

    @saved_transition("state", State.RECOVERED, State.PUBLISHED)
    def reappear(self) -> None:
        """It was proved gone, and is public again. Its recovery tells, and asks a person."""
        self.reason = "It was taken down and proved gone, and is public again."

    @saved_transition("state", CANCELLABLE, State.CANCELLED)
    def give_way(self, because: str) -> None:
        """Somebody wants it down, and it never went out: it does not go out any more."""
        if self.is_suspected:
            raise WrongState(f"{self} may have gone out before the backup: a person decides.")
        recovery = self.open_recovery()
        if recovery is None or recovery.executed_by_id is None:
            raise WrongState(f"Nobody wants {self} down any more.")
        self.reason = because
        self.say("publication.cancelled", f"{self} is cancelled: {because}")
        self.lapse_takedowns()

    def lapse_takedowns(self) -> None:
        """It goes out no more, and there is nothing to take down. In the caller's transaction."""
        if self.is_suspected:
            return  # It may be out since before a restored backup.
        for recovery in self.recoveries.open():
            recovery.lapse()

    @saved_transition("state", State.PUBLISHED, State.RECOVERED)
    def mark_recovered(self) -> None:
        """Only a completed recovery may say so, and it completes only with proof."""
        recovery = self.recoveries.order_by("requested_at").last()
        if recovery is None or not recovery.is_proved:
            raise WrongState(f"{self} has not been proved gone.")
        self.identifications.settle(Identification.How.GONE)
        self.tell("recovered", recovery.reason)
