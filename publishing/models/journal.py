"""The journal of one claim: what the platform makes is committed at once, each step in a transaction of its own."""

import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from publishing.models.preparation import Preparation
from publishing.models.step import Step
from sophia.refusals import Refused, WrongState

if TYPE_CHECKING:
    from publishing.models.preparing import Preparing

FORGED = "Changed since approval: what was prepared on the platform is not what Sophia prepared. Nothing was sent."


class CommittedJournal:
    """WrongState, from whatever writes, when another worker has the claim by now."""

    def __init__(self, publication: "Preparing", token: uuid.UUID):
        self.publication = publication
        self.token = token
        self.intended: dict[str, Step] = {}

    def known(self, name: str) -> str:
        step = self.current(name)
        return step.external_id if step else ""

    def is_ready(self, name: str) -> bool:
        step = self.current(name)
        return step is not None and step.ready_at is not None

    def current(self, name: str) -> Step | None:
        steps = Step.objects.filter(preparation__publication=self.publication.pk, preparation__closed_at=None)
        step = steps.current().filter(name=name).select_related("preparation__publication").first()
        if step and step.external_id and not step.is_ours:
            raise Refused(FORGED)
        return step

    def intend(self, name: str, size: int = 0) -> None:
        """Committed before the call leaves. What an earlier call of this name may have made is lost from now on."""
        with transaction.atomic():
            self.publication.hold_on(self.token)
            preparation, now = self.publication.preparations.begin(self.publication), timezone.now()
            self.forget(preparation, name)
            self.intended[name] = preparation.steps.create(name=name, size=size, intended_at=now)

    def forget(self, preparation: Preparation, name: str) -> None:
        now = timezone.now()
        preparation.steps.current().filter(name=name).update(dropped_at=now)
        if name not in preparation.sought:
            preparation.steps.lost().filter(name=name).update(settled_at=now)

    def keep(self, name: str, external_id: str, milliseconds: int = 0) -> None:
        self.intended[name].keep(external_id, milliseconds)
        try:
            with transaction.atomic():
                self.publication.hold_on(self.token)
        except WrongState:
            self.intended[name].preparation.come_by()
            raise

    def ready(self, name: str) -> None:
        if step := self.current(name):
            step.note(ready_at=timezone.now())

    def refused(self, name: str) -> None:
        self.intended[name].note(settled_at=timezone.now(), dropped_at=timezone.now())

    def drop(self, name: str) -> None:
        if step := self.current(name):
            step.note(dropped_at=timezone.now())
