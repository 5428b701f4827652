import logging
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django_fsm import FSMField

from publishing.models.lookalike import Lookalike
from publishing.platforms.base import Kind, Platform, PlatformError, Removal
from sophia import people
from sophia.alarms import set_alarm
from sophia.doors import Via
from sophia.refusals import Refused, WrongState
from sophia.transitions import Stateful, saved_transition

log = logging.getLogger(__name__)


class Stage(models.TextChoices):
    PENDING = "pending", "pending"
    EXECUTING = "executing", "executing"
    COMPLETED = "completed", "completed"
    FAILED = "failed", "failed"
    MANUAL = "manual_recovery_needed", "a person must remove it"
    DISMISSED = "dismissed", "dismissed"


OPEN = [Stage.PENDING, Stage.EXECUTING, Stage.FAILED, Stage.MANUAL]


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def open(self) -> "RecoveryQuerySet":
        return self.filter(state__in=OPEN)

    def needing_a_person(self) -> "RecoveryQuerySet":
        """Failed, to be removed by hand, or filed for review and not yet decided."""
        return self.filter(Q(state__in=[Stage.FAILED, Stage.MANUAL]) | Q(state=Stage.PENDING, executed_by=None))

    def to_execute(self) -> "RecoveryQuerySet":
        """Started by a person and not at work, or left behind by a worker that stopped in the middle. Not while the
        platform must not be called."""
        now = timezone.now()
        started = Q(state=Stage.PENDING, executed_by__isnull=False)
        ready = self.filter(started | Q(state=Stage.EXECUTING, claimed_until__lt=now))
        return ready.exclude(publication__account__throttled_until__gt=now)


class Recovery(Stateful):
    """Who took a post down, why, and the evidence that it is gone."""

    State = Stage

    class Urgency(models.TextChoices):
        IMMEDIATE = "immediate"
        REVIEW = "review", "a person reviews it first"

    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="recoveries")
    state = FSMField(max_length=25, default=Stage.PENDING, choices=Stage.choices, protected=True)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.IMMEDIATE)
    reason = models.TextField()
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    via = models.CharField(max_length=10, choices=Via.choices)
    executed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    claim_token = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    seen_gone_at = models.DateTimeField(null=True, blank=True, help_text="When reading first proved it gone.")
    note = models.TextField(blank=True, help_text="What came of it, or what a person must do.")
    emergency = models.ForeignKey(
        "publishing.Emergency", models.PROTECT, null=True, blank=True, related_name="recoveries"
    )
    evidence = models.JSONField(default=list, blank=True, help_text="Every call that was made, and its answer.")

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        verbose_name_plural = "recoveries"
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
    def is_started(self) -> bool:
        """A person has said that it shall be done, and nobody is at it yet."""
        return self.state == Stage.PENDING and self.executed_by_id is not None

    @saved_transition(state, [Stage.PENDING, Stage.FAILED, Stage.MANUAL], Stage.PENDING)
    def start(self, *, by: User) -> None:
        """A person wants it done now. A worker will, or the caller does by `execute`; the claim lets one of them. What
        looks like it is held, once: whatever is approved after that was decided with open eyes."""
        people.require(by, people.RECOVER)
        if self.executed_by_id is None:
            Lookalike.objects.hold(self)
        self.executed_by = by
        self.set_alarm()

    def set_alarm(self) -> None:
        set_alarm("publishing.tasks.execute_recovery", self.pk, at=timezone.now())

    def execute(self) -> None:
        """Remove it and prove it gone, once, if a person started it and nobody else is at it."""
        if not self.claim():
            return
        platform = None
        try:
            with self.publication.account.reaching(self.publication) as platform:
                removal = platform.remove(self.known_post_id())
        except PlatformError as error:
            if error.throttles:
                self.finish(self.wait, platform, str(error))
            else:
                self.finish(self.give_up, platform, str(error), error.kind == Kind.AUTH)
        except Refused:
            self.finish(self.leave_to_a_person, platform)
        else:
            self.finish(self.conclude, platform, removal)

    def claim(self) -> bool:
        with transaction.atomic():
            self.lock()
            if not self.is_started and not self.is_abandoned:
                return False
            self.begin()
            return True

    @property
    def is_abandoned(self) -> bool:
        """Its worker stopped in the middle. Deleting again is safe."""
        lease = self.claimed_until
        return self.state == Stage.EXECUTING and lease is not None and lease < timezone.now()

    @saved_transition(state, [Stage.PENDING, Stage.EXECUTING], Stage.EXECUTING)
    def begin(self) -> None:
        self.claim_token = uuid.uuid4()
        self.claimed_until = timezone.now() + settings.SOPHIA_LEASE

    def known_post_id(self) -> str:
        """Never a guess by words and time: that could take down somebody else's post."""
        if not self.publication.post_id:
            raise Refused("Sophia does not know the platform's id of this post.")
        return self.publication.post_id

    def finish(self, verb: Any, platform: Platform | None, *what: Any) -> None:
        token = self.claim_token
        calls = [call.as_json() for call in platform.calls] if platform else []
        with transaction.atomic():
            self.publication.lock()
            self.lock()
            if self.claim_token != token:
                log.warning("%s was taken over by another worker.", self)
                return
            self.evidence = [*self.evidence, *calls]
            self.save(update_fields=["evidence"])
            verb(*what)
            if self.is_proved:
                self.publication.mark_recovered(self)

    def conclude(self, removal: Removal) -> None:
        if removal == Removal.GONE:
            self.complete(removal)
        else:
            self.leave_to_a_person()

    @saved_transition(state, Stage.EXECUTING, Stage.COMPLETED)
    def complete(self, removal: Removal) -> None:
        """Only on the platform's proof, with the calls that gave it."""
        if removal != Removal.GONE or not self.evidence:
            raise WrongState(f"{self} has not been proved gone.")
        now = timezone.now()
        self.finished_at = self.seen_gone_at = now
        self.note = "Read back as gone."
        self.publication.say("recovery.completed", f"{self.publication} is taken down and proved gone.")

    @saved_transition(state, Stage.EXECUTING, Stage.FAILED)
    def give_up(self, sentence: str, needs_reconnect: bool) -> None:
        """It stays open and can be tried again."""
        if needs_reconnect:
            self.publication.account.hold(sentence)
        self.note = sentence
        self.publication.say("recovery.failed", f"{self.publication} is not proved gone: {sentence}", urgent=True)

    @saved_transition(state, Stage.EXECUTING, Stage.PENDING)
    def wait(self, sentence: str) -> None:
        """The platform must not be called now. The sweep goes on with it when it may be."""
        if sentence != self.note:
            self.publication.say("recovery.waiting", f"{self.publication} is still up: {sentence}", urgent=True)
        self.note = sentence

    @saved_transition(state, Stage.EXECUTING, Stage.MANUAL)
    def leave_to_a_person(self) -> None:
        self.note = "\n".join(self.steps())
        where = self.publication.account.get_platform_display()
        said = f"{where} does not let Sophia remove {self.publication}. A person must."
        self.publication.say("recovery.manual_needed", said, urgent=True)

    @saved_transition(state, Stage.MANUAL, Stage.COMPLETED)
    def witness(self, *, by: User, note: str) -> None:
        """A person saw it gone. Counts only where Sophia cannot look itself, because it does not know the post's id."""
        people.require(by, people.RECOVER)
        if self.publication.post_id:
            raise WrongState(f"Sophia knows which post {self.publication} is, and looks itself: try again instead.")
        if not note.strip():
            raise Refused("Say what you saw: it is kept as the evidence.")
        self.executed_by = by
        self.finished_at = self.seen_gone_at = timezone.now()
        self.note = f"{by} saw that it is gone: {note.strip()}"
        self.evidence = [
            *self.evidence,
            {"verb": "witness", "by": str(by), "at": self.seen_gone_at.isoformat(), "note": note.strip()},
        ]
        self.publication.say("recovery.completed", f"{self.publication} is taken down: {self.note}")

    @saved_transition(state, [Stage.PENDING, Stage.FAILED, Stage.MANUAL], Stage.DISMISSED)
    def dismiss(self, *, by: User, note: str) -> None:
        people.require(by, people.RECOVER)
        if not note.strip():
            raise Refused("Say why it may stay up.")
        self.note, self.executed_by, self.finished_at = note.strip(), by, timezone.now()
        Lookalike.objects.dismiss(self, by=by)
        self.publication.say("recovery.dismissed", f"{by} left {self.publication} up: {self.note}")

    def steps(self) -> tuple[str, ...]:
        return self.publication.account.removal_steps(self.publication.permalink)

    def page(self) -> str:
        return self.publication.get_absolute_url()
