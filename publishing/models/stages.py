"""The facts of a recovery, and what may become of it while workers carry it out. `removing.py` decides which."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_fsm import FSMField

from publishing import evidence
from sophia.alarms import ALARM_WINDOW, TAKEDOWN, set_alarm
from sophia.refusals import WrongState
from sophia.transitions import Stateful, saved_transition

if TYPE_CHECKING:
    from publishing.models.publication import Publication

PROOF = 3
"""So many looks in a row that show it gone, the last one with a control (platforms/absence.py), prove it."""
AT_MOST = timedelta(hours=1)
"""A platform that asks for quiet is asked again after no longer: it is a post that must come down."""


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
    unproved = models.TextField(
        blank=True,
        db_default="",
        default="",
        help_text="Why Sophia cannot prove that it is gone. Then a person may say that they saw it.",
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
        def resume(self) -> None: ...
        def follow_up(self, now: datetime) -> datetime | None: ...

        look_again_at: datetime | None

    def set_alarm(self) -> None:
        if self.next_at and self.next_at <= timezone.now() + ALARM_WINDOW:
            set_alarm("publishing.tasks.execute_recovery", self.pk, at=self.next_at, queue=TAKEDOWN)

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
            said = f"{self.publication} is not proved gone: {because} Sophia goes on by itself. {self.meanwhile()}"
            self.publication.say("recovery.waiting", said, urgent=True)
        self.note, self.next_at = because, until
        self.begin_reminders()
        self.let_go()
        self.set_alarm()

    @saved_transition("state", Stage.EXECUTING, Stage.FAILED)
    def await_connection(self, because: str) -> None:
        """A person must connect the account again. That starts it at once; until then it is tried slowly."""
        self.tries = max(self.tries, len(settings.SOPHIA_REMOVE_AGAIN))
        self.try_later(because, "Connect its account again: then Sophia goes on at once. Until then it tries, slowly.")

    @saved_transition("state", Stage.EXECUTING, Stage.FAILED)
    def fail(self, because: str, again: timedelta | None = None) -> None:
        """Repeated a few times, quickly. Then a person is asked, and it is repeated slowly, until it is gone."""
        if self.tries == 0 and settings.SOPHIA_REMOVE_AGAIN:
            said = f"{self.publication} is not proved gone: {because} Sophia tries again by itself."
            self.publication.say("recovery.failed", said)
        self.try_later(because, f"Tried {self.tries + 1} times. Sophia goes on, more slowly.", again)

    def try_later(self, because: str, what_next: str, again: timedelta | None = None) -> None:
        """The caller saves."""
        self.tries += 1
        self.stand_still(because)
        self.next_at = timezone.now() + (again or repeat_gap(self.tries))
        self.set_alarm()
        if self.tries > len(settings.SOPHIA_REMOVE_AGAIN) and self.begin_reminders():
            said = f"{self.publication} is not proved gone: {because} {what_next} {self.meanwhile()}"
            self.publication.say("recovery.failed", said, urgent=True)

    def begin_reminders(self) -> bool:
        """From now on a person is reminded of it. False when they are already. The caller saves."""
        if self.reminded_at:
            return False
        self.reminders, self.reminded_at = 0, timezone.now()
        return True

    def meanwhile(self) -> str:
        """How a person can be quicker, for notices."""
        where = self.publication.permalink or str(self.publication.account)
        return f"If it must go at once, remove it by hand: {where}"

    def stand_still(self, because: str) -> None:
        """The next step is a removal, and there is no time for it yet. The caller saves."""
        self.note, self.next_at = because, None
        self.looks = self.gone_looks = 0
        self.testify(because)
        self.let_go()

    @saved_transition("state", [Stage.EXECUTING, Stage.MANUAL], Stage.MANUAL)
    def leave_to_a_person(self, because: str) -> None:
        """Where nobody has proved which post it is, there is nothing to look at until somebody does."""
        now = timezone.now()
        self.stand_still(because)
        self.note = "\n".join([because, *self.steps()])
        self.reminders, self.reminded_at = 0, now
        if self.publication.identity_is_proved:
            self.next_at = now + watch_gap(0)
            self.set_alarm()
        said = f"A person must remove {self.publication}. {because} {self.meanwhile()}"
        self.publication.say("recovery.manual_needed", said, urgent=True)

    @saved_transition("state", [Stage.EXECUTING, Stage.MANUAL], Stage.MANUAL)
    def leave_unproved(self, because: str) -> None:
        """A person looks whether it is there. Sophia goes on looking, and proves it when that becomes possible."""
        known, looks = self.unproved == because, self.looks
        self.unproved = because
        if not known:
            self.stand_still(because)
            self.note = "\n".join([because, *self.steps()])
            self.reminders, self.reminded_at = 0, timezone.now()
            said = f"Look whether {self.publication} is gone, and say so on its page. {because} {self.meanwhile()}"
            self.publication.say("recovery.manual_needed", said, urgent=True)
        self.looks = looks if known else 0
        self.gone_looks = PROOF - 1
        self.next_at = timezone.now() + watch_gap(self.looks)
        self.let_go()
        self.set_alarm()

    @saved_transition("state", [Stage.EXECUTING, Stage.MANUAL], Stage.COMPLETED)
    def complete(self, control: str, left: Sequence[dict[str, str]] = ()) -> None:
        """Only after enough looks, with the calls that proved it. `control`: the post that could be read meanwhile, or
        this one, where it could be read right before it was deleted."""
        if self.gone_looks < PROOF or not self.seen_gone_at or not self.evidence or not control:
            raise WrongState(f"{self} has not been proved gone.")
        self.finished_at, self.next_at, self.photos_left = timezone.now(), None, list(left)
        self.look_again_at = self.follow_up(self.finished_at)
        self.note, self.unproved = f"Read back as gone, {PROOF} times in a row.", ""
        self.let_go()
        self.publication.say("recovery.completed", f"{self.publication} is taken down and proved gone.")
        if left:
            self.tell_of_photos(left)
        self.testify(f"{self.note} {self.controlled_by(control)}")

    def controlled_by(self, control: str) -> str:
        if control == self.publication.post_id:
            return "The same token read it right before it was deleted, and a list of the account no longer shows it."
        return f"With the same token, post {control} of the same account could be read."

    def tell_of_photos(self, left: Sequence[dict[str, str]]) -> None:
        links = ", ".join(photo["link"] for photo in left)
        because = left[0]["because"]
        self.note += f"\nBut not all of its photos are: {because}\nRemove them by hand: {links}"
        said = f"{self.publication} is gone, but {len(left)} of its photos are not. Remove them by hand: {links}"
        self.publication.say("recovery.manual_needed", said, urgent=True)

    def testify(self, verdict: str) -> None:
        """What followed from the calls before it. The caller saves."""
        self.evidence = evidence.bounded([*self.evidence, evidence.entry("verdict", note=verdict)])


def repeat_gap(tries: int) -> timedelta:
    """From this failure to the next removal. The last of the slow times repeats for ever."""
    times = [*settings.SOPHIA_REMOVE_AGAIN, *settings.SOPHIA_REMOVE_SLOWLY]
    return times[min(tries, len(times)) - 1]


def watch_gap(looks: int) -> timedelta:
    """From this look to the next one, at what a person must remove. The last of the times repeats for ever."""
    times = [timedelta(), *settings.SOPHIA_LOOK_AFTER]
    return times[looks + 1] - times[looks] if looks + 1 < len(times) else times[-1]
