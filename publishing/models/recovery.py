from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.timesince import timesince

from publishing import evidence
from publishing.models.aftermath import Aftermath
from publishing.models.lookalike import Lookalike
from publishing.models.stages import OPEN, PROOF, Stage
from publishing.models.states import PROVED, State
from sophia import people
from sophia.doors import Via
from sophia.membership import Visible
from sophia.refusals import Refused, WrongState
from sophia.transitions import saved_transition

REMIND_AFTER = (timedelta(hours=1), timedelta(hours=3), timedelta(days=1))
"""From one reminder to the next: after 1 hour, after 4, then every day."""
NOTICES = "Sophia notices by itself within the hour, or at once when told to look again."
TELL = "Then say on its page in Sophia that you saw it gone: Sophia cannot look."
LOOK = "If it is not there, say on its page in Sophia that you saw it gone: Sophia cannot prove it."
ON_ITS_WAY = "Filed. It is with the platform now: Sophia takes it down as soon as it is out."
NEVER_OUT = "It never went out."


class RecoveryQuerySet(Visible["Recovery"]):
    whose = "publication__account__client"

    def open(self) -> "RecoveryQuerySet":
        return self.filter(state__in=OPEN)

    def under_way(self) -> "RecoveryQuerySet":
        return self.filter(state=Stage.EXECUTING)

    def needing_a_person(self) -> "RecoveryQuerySet":
        """To be removed by hand, not decided, or failed so often that a person was told."""
        undecided = Q(state=Stage.PENDING, executed_by=None)
        return self.filter(Q(state=Stage.MANUAL) | Q(state=Stage.FAILED, reminded_at__isnull=False) | undecided)

    def against_will(self, before: datetime | None = None) -> "RecoveryQuerySet":
        """Somebody has said that it must come down, by `before`, and it is not proved gone. The longest first."""
        wanted = Q(executed_by__isnull=False) | Q(returned_at__isnull=False)
        rows = self.open().filter(wanted, publication__state=State.PUBLISHED)
        since = Coalesce("returned_at", "began_at", "requested_at")
        wanted_down = rows.annotate(wanted_since=since).order_by("wanted_since")
        return wanted_down.filter(wanted_since__lt=before) if before else wanted_down

    def to_look_again(self, now: datetime) -> "RecoveryQuerySet":
        """Proved gone, and time to look whether it has come back. What may not be called is waited for."""
        silent = Q(publication__account__needs_reconnect_since__isnull=False)
        silent |= Q(publication__account__throttled_until__gt=now)
        due = self.filter(state=Stage.COMPLETED, look_again_at__lte=now).exclude(silent)
        return due.order_by("look_again_at")

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
        return self.open().filter(due)

    def waiting_in_vain(self) -> "RecoveryQuerySet":
        """Decided, their post is public, and nothing would begin them."""
        return self.filter(
            state=Stage.PENDING, executed_by__isnull=False, next_at=None, publication__state=State.PUBLISHED
        )

    @transaction.atomic
    def begin_now(self) -> None:
        """Their post has become public, and somebody has decided that it must not be. Where that is only now being
        saved, in the caller's transaction."""
        now = timezone.now()
        waiting = self.filter(state=Stage.PENDING, executed_by__isnull=False, next_at=None)
        for recovery in waiting.select_for_update(of=("self",), no_key=True):
            recovery.note, recovery.next_at = "", now
            recovery.save(update_fields=["note", "next_at"])
            recovery.set_alarm()

    def go_on(self) -> None:
        """Their account is connected again: whatever waited for that, or was not allowed before, is tried again. Not
        what nobody has decided."""
        rows = self.filter(state__in=[Stage.PENDING, Stage.FAILED, Stage.MANUAL], executed_by__isnull=False)
        out = rows.filter(publication__state=State.PUBLISHED, publication__known_by__in=PROVED)
        for recovery in out.order_by("pk"):
            recovery.resume()


class Recovery(Aftermath):
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
        indexes = [
            models.Index(fields=["state", "next_at"]),
            models.Index(
                fields=["look_again_at"], condition=Q(look_again_at__isnull=False), name="recovery_to_look_again"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["publication"], condition=Q(state__in=OPEN), name="one_open_recovery"),
            models.CheckConstraint(
                condition=~Q(state=Stage.COMPLETED) | Q(seen_gone_at__isnull=False), name="completed_is_proved"
            ),
        ]

    def __str__(self) -> str:
        return f"Recovery {self.pk} of publication {self.publication_id}"

    def lock(self) -> None:
        """Its publication first, always in this order: what one of them does next depends on the other."""
        publications = self.publication.__class__._base_manager.select_for_update(no_key=True)
        publications.values_list("pk").get(pk=self.publication_id)
        super().lock()

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
    def is_filed(self) -> bool:
        """Decided, and its post is not out, or not yet known to be."""
        return self.is_started and not self.publication.is_live

    @property
    def is_waiting(self) -> bool:
        """Started, and asked by the platform to come again later."""
        return self.is_started and self.reminded_at is not None

    @property
    def can_be_witnessed(self) -> bool:
        """Sophia cannot look itself, or cannot prove what it sees."""
        unseen = not self.publication.identity_is_proved or bool(self.unproved)
        return self.is_cut_off or (self.state == Stage.MANUAL and unseen)

    @property
    def is_cut_off(self) -> bool:
        """Its account must be connected again, which may never happen."""
        return self.state in {Stage.FAILED, Stage.MANUAL} and not self.publication.account.is_healthy

    @property
    def needs_a_person(self) -> bool:
        """As `needing_a_person`, which finds them."""
        waits = self.state == Stage.FAILED and self.reminded_at is not None
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
        if self.executed_by_id is None and self.returned_at is None:
            Lookalike.objects.hold(self)
        self.executed_by = by
        self.began_at = timezone.now()
        self.set_out()

    @saved_transition("state", [Stage.PENDING, Stage.FAILED, Stage.MANUAL], Stage.PENDING)
    def resume(self) -> None:
        """What it waited for has come. A person has started it before."""
        self.set_out()

    def set_out(self) -> None:
        """Where it is not out yet, it waits until it is."""
        self.next_at, self.note = (timezone.now(), "") if self.publication.is_live else (None, ON_ITS_WAY)
        self.tries = self.looks = self.gone_looks = self.reminders = 0
        self.reminded_at, self.unproved = None, ""
        self.let_go()
        self.set_alarm()

    @saved_transition("state", [Stage.FAILED, Stage.MANUAL], Stage.COMPLETED)
    def witness(self, *, by: User, note: str) -> None:
        """A person saw it gone. Counts only where Sophia cannot look itself, because it does not know the post's id or
        its account is not connected any more, or where it cannot prove what it sees."""
        people.require(by, people.RECOVER, of=self.publication.client_id)
        if not self.can_be_witnessed:
            raise WrongState(f"Sophia knows which post {self.publication} is, and looks itself: try again instead.")
        if not note.strip():
            raise Refused("Say what you saw: it is kept as the evidence.")
        self.executed_by = by
        self.finished_at = self.seen_gone_at = timezone.now()
        self.next_at, self.look_again_at = None, self.follow_up(self.finished_at)
        self.let_go()
        self.note = f"{by} saw that it is gone: {note.strip()}"
        self.evidence = evidence.bounded([*self.evidence, evidence.entry("witness", by=str(by), note=note.strip())])
        self.publication.say("recovery.completed", f"{self.publication} is taken down: {self.note}")

    @saved_transition("state", [Stage.PENDING, Stage.FAILED, Stage.MANUAL], Stage.DISMISSED)
    def dismiss(self, *, by: User, note: str) -> None:
        people.require(by, people.RECOVER, of=self.publication.client_id)
        if not note.strip():
            raise Refused(f"Say why it may {'go out' if self.publication.can_be_cancelled else 'stay up'}.")
        self.note, self.executed_by, self.finished_at = note.strip(), by, timezone.now()
        self.next_at = None
        self.let_go()
        Lookalike.objects.dismiss(self, by=by)
        done = f"lets {self.publication} go out" if self.publication.can_be_cancelled else f"left {self.publication} up"
        self.publication.say("recovery.dismissed", f"{by} {done}: {self.note}")

    @saved_transition("state", [Stage.PENDING, Stage.FAILED, Stage.MANUAL], Stage.DISMISSED)
    def lapse(self) -> None:
        """There is nothing to take down. What looks like it stays held: a person wanted none of it out."""
        self.note, self.finished_at, self.next_at = NEVER_OUT, timezone.now(), None
        self.let_go()
        self.publication.say("recovery.dismissed", f"{self.publication} need not be taken down: it never went out.")

    def remind(self) -> None:
        """That a person must remove it, if it is time to."""
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if not type(self).objects.to_remind(now).filter(pk=self.pk).exists():
                return
            self.reminders, self.reminded_at = self.reminders + 1, now
            self.save(update_fields=["reminders", "reminded_at"])
            what, kind = self.reminder()
            said = f"Reminder: {self.publication} {what} It was asked for {self.waited(now)} ago. {self.meanwhile()}"
            self.publication.say(kind, said, urgent=True)

    def reminder(self) -> tuple[str, str]:
        """The rest of the sentence, and the kind of notice."""
        if self.unproved:
            return "may still be public: look, and say on its page what you saw.", "recovery.manual_needed"
        if self.state == Stage.MANUAL:
            return "must still be removed by hand.", "recovery.manual_needed"
        if self.executed_by_id is None:
            return "is public again: take it down again, or leave it up.", "recovery.returned"
        return "is not proved gone. Sophia goes on by itself.", "recovery.failed"

    def waited(self, now: datetime) -> str:
        return timesince(self.began_at or self.requested_at, now, depth=1).replace("\xa0", " ")

    def refusal(self, verb: str) -> str:
        if verb == "start" and self.is_executing:
            return f"{self.publication} is being taken down already: {self.under_way()} Look again in a moment."
        return super().refusal(verb)

    def under_way(self) -> str:
        """The step that it is at, as a sentence."""
        where = self.publication.account.get_platform_display()
        if self.is_filed:
            return ON_ITS_WAY
        if self.is_started:
            return self.note or "It waits for a worker."
        if self.gone_looks:
            return f"{where} has shown it as gone {self.gone_looks} of {PROOF} times in a row."
        if self.looks and self.deleted_at:
            return f"{where} says that it is deleted. Sophia reads until it is gone."
        if self.looks:
            return f"{where} showed it as gone once. Sophia reads whether it is."
        return f"Sophia asks {where} to delete it."

    def steps(self) -> tuple[str, ...]:
        """What a person does. Where Sophia does not know the post's id, it cannot see that it is done."""
        last = LOOK if self.unproved or self.is_cut_off else NOTICES if self.publication.identity_is_proved else TELL
        return (*self.publication.removal_steps(), last)

    def page(self) -> str:
        return self.publication.get_absolute_url()
