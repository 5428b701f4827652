from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.timesince import timesince

from publishing import evidence
from publishing.models.lookalike import Lookalike
from publishing.models.removing import Removing
from publishing.models.stages import OPEN, PROOF, Stage
from sophia import people
from sophia.doors import Via
from sophia.membership import Visible
from sophia.refusals import Refused, WrongState
from sophia.transitions import saved_transition

REMIND_AFTER = (timedelta(hours=1), timedelta(hours=3), timedelta(days=1))
"""From one reminder to the next: after 1 hour, after 4, then every day."""
NOTICES = "Sophia notices by itself within the hour, or at once when told to look again."
TELL = "Then say on its page in Sophia that you saw it gone: Sophia cannot look."


class RecoveryQuerySet(Visible["Recovery"]):
    whose = "publication__account__client"

    def open(self) -> "RecoveryQuerySet":
        return self.filter(state__in=OPEN)

    def under_way(self) -> "RecoveryQuerySet":
        return self.filter(state=Stage.EXECUTING)

    def needing_a_person(self) -> "RecoveryQuerySet":
        """To be removed by hand, filed for review and not yet decided, or failed and not tried again by itself."""
        undecided = Q(state=Stage.PENDING, executed_by=None)
        return self.filter(Q(state=Stage.MANUAL) | Q(state=Stage.FAILED, next_at=None) | undecided)

    def leaving_photos(self) -> "RecoveryQuerySet":
        """Completed, but a person must remove photos of theirs."""
        return self.filter(state=Stage.COMPLETED).exclude(photos_left=[]).order_by("publication")

    def to_execute_before(self, moment: datetime) -> "RecoveryQuerySet":
        """Their next step is due by then: started, to be looked at, to be repeated, or left by a worker that died."""
        return self.open().filter(next_at__lte=moment)

    def to_remind(self, now: datetime) -> "RecoveryQuerySet":
        due = Q()
        for number, wait in enumerate(REMIND_AFTER, 1):
            which = {"reminders__gte" if number == len(REMIND_AFTER) else "reminders": number - 1}
            due |= Q(reminded_at__lte=now - wait, **which)
        return self.filter(due, state=Stage.MANUAL)

    def go_on(self) -> None:
        """Their account is connected again: whatever waited for that, or was not allowed before, is tried again."""
        rows = self.filter(state__in=[Stage.PENDING, Stage.FAILED, Stage.MANUAL], executed_by__isnull=False)
        for recovery in rows.exclude(publication__post_id="").order_by("pk"):
            recovery.resume()


class Recovery(Removing):
    """Who took a post down, why, and the evidence that it is gone."""

    State = Stage
    PROOF = PROOF

    class Urgency(models.TextChoices):
        IMMEDIATE = "immediate"
        REVIEW = "review", "a person reviews it first"

    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.IMMEDIATE)
    reason = models.TextField()
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    via = models.CharField(max_length=10, choices=Via.choices)
    executed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    emergency = models.ForeignKey(
        "publishing.Emergency", models.PROTECT, null=True, blank=True, related_name="recoveries"
    )

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        verbose_name_plural = "recoveries"
        indexes = [models.Index(fields=["state", "next_at"])]
        constraints = [
            models.UniqueConstraint(fields=["publication"], condition=Q(state__in=OPEN), name="one_open_recovery"),
            models.CheckConstraint(
                condition=~Q(state=Stage.COMPLETED) | Q(seen_gone_at__isnull=False), name="completed_is_proved"
            ),
        ]

    def __str__(self) -> str:
        return f"Recovery {self.pk} of publication {self.publication_id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_executing(self) -> bool:
        return self.state == Stage.EXECUTING

    @property
    def is_proved(self) -> bool:
        return self.state == Stage.COMPLETED and self.seen_gone_at is not None

    @property
    def is_dismissed(self) -> bool:
        return self.state == Stage.DISMISSED

    @property
    def is_started(self) -> bool:
        """A person has said that it shall be done, and nobody is at it yet."""
        return self.state == Stage.PENDING and self.executed_by_id is not None

    @property
    def needs_a_person(self) -> bool:
        """As `needing_a_person`, which finds them."""
        waits = self.state == Stage.FAILED and self.next_at is None
        return waits or self.state == Stage.MANUAL or (self.state == Stage.PENDING and self.executed_by_id is None)

    @property
    def is_under_way(self) -> bool:
        """Removed or looked at right now, or within moments."""
        return self.is_executing or self.is_started

    @saved_transition("state", [Stage.PENDING, Stage.FAILED, Stage.MANUAL], Stage.PENDING)
    def start(self, *, by: User) -> None:
        """A person wants it done now. A worker will, or the caller does by `execute`; the claim lets one of them. What
        looks like it is held, once: whatever is approved after that was decided with open eyes."""
        people.require(by, people.RECOVER, of=self.publication.client_id)
        if self.executed_by_id is None:
            Lookalike.objects.hold(self)
        self.executed_by = by
        self.began_at = timezone.now()
        self.set_out()

    @saved_transition("state", [Stage.PENDING, Stage.FAILED, Stage.MANUAL], Stage.PENDING)
    def resume(self) -> None:
        """What it waited for has come. A person has started it before."""
        self.set_out()

    def set_out(self) -> None:
        self.next_at = timezone.now()
        self.tries = self.looks = self.gone_looks = 0
        self.let_go()
        self.set_alarm()

    @saved_transition("state", Stage.MANUAL, Stage.COMPLETED)
    def witness(self, *, by: User, note: str) -> None:
        """A person saw it gone. Counts only where Sophia cannot look itself, because it does not know the post's id."""
        people.require(by, people.RECOVER, of=self.publication.client_id)
        if self.publication.post_id:
            raise WrongState(f"Sophia knows which post {self.publication} is, and looks itself: try again instead.")
        if not note.strip():
            raise Refused("Say what you saw: it is kept as the evidence.")
        self.executed_by = by
        self.finished_at = self.seen_gone_at = timezone.now()
        self.note = f"{by} saw that it is gone: {note.strip()}"
        self.evidence = evidence.bounded([*self.evidence, evidence.entry("witness", by=str(by), note=note.strip())])
        self.publication.say("recovery.completed", f"{self.publication} is taken down: {self.note}")

    @saved_transition("state", [Stage.PENDING, Stage.FAILED, Stage.MANUAL], Stage.DISMISSED)
    def dismiss(self, *, by: User, note: str) -> None:
        people.require(by, people.RECOVER, of=self.publication.client_id)
        if not note.strip():
            raise Refused("Say why it may stay up.")
        self.note, self.executed_by, self.finished_at = note.strip(), by, timezone.now()
        self.next_at = None
        self.let_go()
        Lookalike.objects.dismiss(self, by=by)
        self.publication.say("recovery.dismissed", f"{by} left {self.publication} up: {self.note}")

    def remind(self) -> None:
        """That a person must remove it, if it is time to."""
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if not type(self).objects.to_remind(now).filter(pk=self.pk).exists():
                return
            self.reminders, self.reminded_at = self.reminders + 1, now
            self.save(update_fields=["reminders", "reminded_at"])
            said = (
                f"Reminder: {self.publication} must still be removed by hand. It was asked for {self.waited(now)} ago."
            )
            self.publication.say("recovery.manual_needed", said, urgent=True)

    def waited(self, now: datetime) -> str:
        return timesince(self.began_at or self.requested_at, now, depth=1).replace("\xa0", " ")

    def refusal(self, verb: str) -> str:
        if verb == "start" and self.is_executing:
            return f"{self.publication} is being taken down already: {self.under_way()} Look again in a moment."
        return super().refusal(verb)

    def under_way(self) -> str:
        """The step that it is at, as a sentence."""
        where = self.publication.account.get_platform_display()
        if self.is_started:
            return "It waits for a worker." if not self.note else self.note
        if self.gone_looks:
            return f"{where} has shown it as gone {self.gone_looks} of {PROOF} times in a row."
        if self.looks and self.deleted_at:
            return f"{where} says that it is deleted. Sophia reads until it is gone."
        if self.looks:
            return f"{where} showed it as gone once. Sophia reads whether it is."
        return f"Sophia asks {where} to delete it."

    def steps(self) -> tuple[str, ...]:
        """What a person does. Where Sophia does not know the post's id, it cannot see that it is done."""
        sees = self.publication.post_id
        return (*self.publication.account.removal_steps(self.publication.permalink), NOTICES if sees else TELL)

    def page(self) -> str:
        return self.publication.get_absolute_url()
