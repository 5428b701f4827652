"""The facts of a recovery, and what may become of it while workers carry it out. `removing.py` decides which."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_fsm import FSMField

from publishing import evidence
from sophia.alarms import ALARM_WINDOW, PUBLISH, set_alarm
from sophia.refusals import WrongState
from sophia.transitions import Stateful, saved_transition

if TYPE_CHECKING:
    from publishing.models.publication import Publication

PROOF = 3
"""So many looks in a row that show it gone, the last one with its account, prove it."""


class Stage(models.TextChoices):
    PENDING = "pending", "pending"
    EXECUTING = "executing", "executing"
    COMPLETED = "completed", "completed"
    FAILED = "failed", "failed"
    MANUAL = "manual_recovery_needed", "a person must remove it"
    DISMISSED = "dismissed", "dismissed"


OPEN = [Stage.PENDING, Stage.EXECUTING, Stage.FAILED, Stage.MANUAL]


class Staged(Stateful):
    publication: "models.ForeignKey[Publication, Publication]" = models.ForeignKey(
        "publishing.Publication", models.PROTECT, related_name="recoveries"
    )
    state = FSMField(max_length=25, default=Stage.PENDING, choices=Stage.choices, protected=True)
    claim_token = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True, help_text="When a person last started it.")
    next_at = models.DateTimeField(
        null=True, blank=True, help_text="When Sophia goes on by itself. Empty: it waits for a person."
    )
    tries = models.PositiveSmallIntegerField(default=0, help_text="Removals that failed since a person started it.")
    looks = models.PositiveIntegerField(default=0, help_text="Looks since it was last removed, or left to a person.")
    gone_looks = models.PositiveSmallIntegerField(default=0, help_text="Looks in a row that showed it gone.")
    deleted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the platform said that it has deleted it. No proof."
    )
    last_live_at = models.DateTimeField(null=True, blank=True, help_text="When reading last showed it live.")
    seen_gone_at = models.DateTimeField(null=True, blank=True, help_text="When reading first showed it gone.")
    finished_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="What came of it, or what a person must do.")
    photos_left = models.JSONField(
        default=list, blank=True, help_text="Photos that are still there though the post is gone: id, link and why."
    )
    evidence = models.JSONField(
        default=list, blank=True, help_text="Every call that was made, and its answer. Of many, the first and the last."
    )
    reminders = models.PositiveIntegerField(default=0, help_text="How often a person was reminded to remove it.")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When a person was last told to remove it.")

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        def steps(self) -> tuple[str, ...]: ...

    def set_alarm(self) -> None:
        if self.next_at and self.next_at <= timezone.now() + ALARM_WINDOW:
            set_alarm("publishing.tasks.execute_recovery", self.pk, at=self.next_at, queue=PUBLISH)

    @saved_transition("state", [Stage.PENDING, Stage.FAILED, Stage.EXECUTING], Stage.EXECUTING)
    def begin(self) -> None:
        """A worker goes on with it."""

    def go_on_at(self, moment: datetime) -> None:
        self.next_at = moment
        self.let_go()
        self.save(update_fields=["next_at", "claim_token", "claimed_until"])
        self.set_alarm()

    def let_go(self) -> None:
        """No worker has it any more. The caller saves."""
        self.claim_token = self.claimed_until = None

    @saved_transition("state", Stage.EXECUTING, Stage.PENDING)
    def postpone(self, because: str, until: datetime) -> None:
        """It goes on where it was: what was deleted is only looked at."""
        if because != self.note:
            self.publication.say("recovery.waiting", f"{self.publication} is not proved gone: {because}", urgent=True)
        self.note, self.next_at = because, until
        self.let_go()
        self.set_alarm()

    @saved_transition("state", Stage.EXECUTING, Stage.FAILED)
    def await_connection(self, because: str) -> None:
        if because != self.note:
            said = f"{self.publication} is not proved gone, and goes on once its account is connected again: {because}"
            self.publication.say("recovery.failed", said)
        self.stand_still(because)

    @saved_transition("state", Stage.EXECUTING, Stage.FAILED)
    def fail(self, because: str, again: timedelta | None = None) -> None:
        """Repeated by itself a few times. Then it stays open, and a person is asked."""
        self.tries += 1
        self.stand_still(because)
        if self.tries <= len(settings.SOPHIA_REMOVE_AGAIN):
            self.next_at = timezone.now() + (again or settings.SOPHIA_REMOVE_AGAIN[self.tries - 1])
            self.set_alarm()
        if self.next_at and self.tries > 1:
            return  # Told already.
        often = "Sophia tries again by itself." if self.next_at else f"Tried {self.tries} times: a person must look."
        said = f"{self.publication} is not proved gone: {because} {often}"
        self.publication.say("recovery.failed", said, urgent=self.next_at is None)

    def stand_still(self, because: str) -> None:
        """The next step is a removal, and there is no time for it yet. The caller saves."""
        self.note, self.next_at = because, None
        self.looks = self.gone_looks = 0
        self.testify(because)
        self.let_go()

    @saved_transition("state", Stage.EXECUTING, Stage.MANUAL)
    def leave_to_a_person(self, because: str) -> None:
        now = timezone.now()
        self.stand_still(because)
        self.note = "\n".join([because, *self.steps()])
        self.reminders, self.reminded_at = 0, now
        if self.publication.post_id:
            self.next_at = now + watch_gap(0)
            self.set_alarm()
        said = f"A person must remove {self.publication}. {because}"
        self.publication.say("recovery.manual_needed", said, urgent=True)

    @saved_transition("state", [Stage.EXECUTING, Stage.MANUAL], Stage.COMPLETED)
    def complete(self, left: Sequence[dict[str, str]] = ()) -> None:
        """Only after enough looks, with the calls that proved it."""
        if self.gone_looks < PROOF or not self.seen_gone_at or not self.evidence:
            raise WrongState(f"{self} has not been proved gone.")
        self.finished_at, self.next_at, self.photos_left = timezone.now(), None, list(left)
        self.note = f"Read back as gone, {PROOF} times in a row."
        self.let_go()
        self.publication.say("recovery.completed", f"{self.publication} is taken down and proved gone.")
        if left:
            self.tell_of_photos(left)
        self.testify(self.note)

    def tell_of_photos(self, left: Sequence[dict[str, str]]) -> None:
        links = ", ".join(photo["link"] for photo in left)
        because = left[0]["because"]
        self.note += f"\nBut not all of its photos are: {because}\nRemove them by hand: {links}"
        said = f"{self.publication} is gone, but {len(left)} of its photos are not. Remove them by hand: {links}"
        self.publication.say("recovery.manual_needed", said, urgent=True)

    def testify(self, verdict: str) -> None:
        """What followed from the calls before it. The caller saves."""
        self.evidence = evidence.bounded([*self.evidence, evidence.entry("verdict", note=verdict)])


def watch_gap(looks: int) -> timedelta:
    """From this look to the next one, at what a person must remove. The last of the times repeats for ever."""
    times = [timedelta(), *settings.SOPHIA_LOOK_AFTER]
    return times[looks + 1] - times[looks] if looks + 1 < len(times) else times[-1]
