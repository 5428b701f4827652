import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from publishing import evidence, gates
from publishing.models.states import KnownBy
from publishing.platforms.base import Kind, NotYet, Platform, PlatformError, Receipt, Reference, SecondStepRefused
from sophia.membership import Visible
from sophia.refusals import Refused, WrongState
from sophia.tracing import about

if TYPE_CHECKING:
    from publishing.models.publication import Publication

log = logging.getLogger(__name__)


class AttemptQuerySet(Visible["Attempt"]):
    whose = "publication__account__client"


class Attempt(models.Model):
    """One try to publish. Written and committed before the platform is called, and the only thing that calls it."""

    class Outcome(models.TextChoices):
        PUBLISHED = "published"
        PREPARED = "prepared", "prepared ahead of its time"
        RETRY = "retry", "failed, can be tried again"
        WAIT = "wait", "told to wait"
        AUTH = "auth", "account must be reconnected"
        REJECTED = "rejected"
        UNKNOWN = "unknown", "nobody knows"
        WORKING = "working", "the platform was still at work"
        LOST = "lost", "the worker stopped in the middle"
        DIRECT = "direct", "second step refused, direct way from now on"
        HELD = "held", "a gate closed in the meantime"
        REFUSED = "refused", "Sophia refused to send it"

    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="attempts")
    token = models.UUIDField(unique=True, default=uuid.uuid4)
    ahead = models.BooleanField(default=False, help_text="It only prepares, before its time. Not a try.")
    started_at = models.DateTimeField()
    committing_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when something public may have happened. Empty: nothing has."
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    sentence = models.TextField(blank=True)
    way = models.CharField(max_length=10, blank=True)
    code = models.IntegerField(null=True, blank=True)
    subcode = models.IntegerField(null=True, blank=True)
    trace_id = models.CharField(max_length=100, blank=True)
    calls = models.JSONField(default=list, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]
        indexes = [
            models.Index(fields=["ended_at"], name="attempt_ended"),
            models.Index(fields=["started_at", "id"], name="attempt_by_time"),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.pk} for {self.publication_id}"

    @property
    def goes_on(self) -> bool:
        return self.outcome == self.Outcome.WORKING

    def begin(self, token: uuid.UUID, now: datetime | None) -> None:
        """In the transaction of the claim. `now`: what is prepared already is about to become public."""
        reference = self.publication.reference if now else None
        self.token, self.outcome, self.sentence, self.ended_at = token, "", "", None
        self.committing_at, self.way = (now, reference["way"]) if reference else (None, "")
        self.save()

    def run(self) -> None:
        """Reach out once and write down what came of it. Whatever is not written here, reconciliation finds out."""
        with about(attempt=self.pk, publication=self.publication_id):
            self.try_once()

    def try_once(self) -> None:
        publication = self.publication
        try:
            with self.reaching() as platform:
                receipt = self.reach_out(publication, platform)
        except SecondStepRefused as refused:
            self.end(self.Outcome.DIRECT, refused, publication.go_direct)
        except NotYet as not_yet:
            self.come_back(not_yet, publication.take_not_yet)
        except PlatformError as error:
            error = self.judged(error)
            self.end(self.Outcome(error.kind), error, publication.take_failure)
        except Held as held:
            self.go_back(held)
        except WrongState as lost:
            log.warning("%s gave up: %s", self, lost)
        except Refused as refused:
            self.refuse(refused)
        else:
            self.succeed(receipt)

    @contextmanager
    def reaching(self) -> Iterator[Platform]:
        """The platform. Whatever comes of it, the calls that were made are kept."""
        before = self.calls
        with self.publication.account.reaching(self.publication) as platform:
            try:
                yield platform
            finally:
                self.calls = evidence.bounded([*before, *(call.as_json() for call in platform.calls)])

    def reach_out(self, publication: "Publication", platform: Platform) -> Receipt:
        reference: Reference | None = publication.reference
        if reference and self.committing_at:  # It was prepared before, and the claim has just proved it.
            return platform.commit(publication.outline(), reference)
        content = publication.sealed_content()
        if reference is None:
            reference = platform.prepare(content, publication.journal(self.token))
            publication.keep_reference(self.token, reference)
        self.begin_commit(publication, reference)
        return platform.commit(content, reference)

    def prepare_ahead(self) -> None:
        """Everything but the commit. Nothing of it is public."""
        with about(attempt=self.pk, publication=self.publication_id):
            self.try_ahead()

    def try_ahead(self) -> None:
        publication = self.publication
        try:
            with self.reaching() as platform:
                reference = platform.prepare(publication.sealed_content(), publication.journal(self.token))
        except NotYet as not_yet:
            self.come_back(not_yet, publication.come_back_early)
        except WrongState as lost:
            self.give_up(lost)
        except PlatformError as error:
            self.end(self.Outcome(error.kind), error, publication.take_early_failure)
        except Refused as refused:
            self.end(self.Outcome.REFUSED, PlatformError(Kind.REJECTED, str(refused)), publication.take_early_failure)
        else:
            self.keep_prepared(publication, reference)

    def keep_prepared(self, publication: "Publication", reference: Reference) -> None:
        with transaction.atomic():
            publication.lock()
            kept = publication.take_prepared(self.token, reference)
            self.way = reference["way"]
            self.close(self.Outcome.PREPARED, "" if kept else "It was no longer wanted.")

    def come_back(self, not_yet: NotYet, follow_up: Callable[[uuid.UUID, NotYet, datetime], None]) -> None:
        with transaction.atomic():
            self.publication.lock()
            self.close(self.Outcome.WORKING, str(not_yet))
            follow_up(self.token, not_yet, self.started_at)

    def give_up(self, lost: WrongState) -> None:
        """It is not wanted any more, or another worker has it, who has closed this one."""
        log.warning("%s gave up: %s", self, lost)
        with transaction.atomic():
            self.publication.lock()
            if self.publication.give_back(self.token):
                self.close(self.Outcome.HELD, str(lost))

    def begin_commit(self, publication: "Publication", reference: Reference) -> None:
        """From here on something public may exist. Renews the lease; WrongState when the claim is no longer ours."""
        now = timezone.now()
        with transaction.atomic():
            publication.renew_claim(self.token, now)
            publication.lock_account()
            if closed := gates.first_closed(publication, now, bytes_proved=True):
                raise Held(closed.because)
            self.committing_at = now
            self.way = reference["way"]
            self.save(update_fields=["committing_at", "way"])
            publication.record_commit()

    def succeed(self, receipt: Receipt) -> None:
        try:
            with transaction.atomic():
                self.publication.confirm(self.token, receipt, KnownBy.ANSWER)
                self.close(self.Outcome.PUBLISHED)
        except IntegrityError:
            said = f"The platform gave {receipt.post_id}, which belongs to another publication."
            self.end(self.Outcome.UNKNOWN, PlatformError(Kind.UNKNOWN, said), self.publication.take_failure)

    def judged(self, error: PlatformError) -> PlatformError:
        """“That is there already” leaves no doubt, unless an earlier attempt did."""
        if not error.repeats or self.others_in_doubt().exists():
            return error
        return error.as_refusal("Change the words, or the images, and approve it again.")

    def others_in_doubt(self) -> models.QuerySet["Attempt"]:
        others = self.publication.attempts.exclude(pk=self.pk)
        return others.filter(outcome__in=IN_DOUBT, committing_at__isnull=False)

    def go_back(self, held: "Held") -> None:
        with transaction.atomic():
            self.publication.lock()
            self.close(self.Outcome.HELD, str(held))
            self.publication.wait_for_a_gate(self.token, str(held))

    def end(self, outcome: str, error: PlatformError, follow_up: Callable[[uuid.UUID, PlatformError], None]) -> None:
        self.code, self.subcode, self.trace_id = error.code, error.subcode, error.trace_id
        with transaction.atomic():
            self.publication.lock()
            self.close(outcome, str(error))
            follow_up(self.token, error)

    def refuse(self, refused: Refused) -> None:
        with transaction.atomic():
            self.publication.lock()
            self.close(self.Outcome.REFUSED, str(refused))
            self.publication.fail(self.token, str(refused))

    def close(self, outcome: str, sentence: str = "") -> None:
        self.outcome, self.sentence = outcome, sentence
        self.ended_at = timezone.now()
        self.save()


class Held(Exception):  # noqa: N818
    """A gate closed between the claim and the commit. Nothing is public."""


IN_DOUBT = [Attempt.Outcome.UNKNOWN, Attempt.Outcome.LOST]
"""Where they had begun to commit, nobody knows what became of it."""
NOT_A_TRY = [
    Attempt.Outcome.WAIT,
    Attempt.Outcome.WORKING,
    Attempt.Outcome.AUTH,
    Attempt.Outcome.DIRECT,
    Attempt.Outcome.HELD,
]
"""These come back without using up a retry."""
