"""What a restored backup does not know: whether this went out after it was taken. `restoring.py` finds out."""

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from publishing.models.candidate import Candidate
from publishing.models.missing import Miss
from publishing.models.resemblance import Resemblance
from publishing.models.states import KnownBy, State
from publishing.platforms import ownership
from sophia import people
from sophia.transitions import saved_transition


class Restored(Resemblance):
    """The part of Publication that may have gone out already, in a time that the database has forgotten."""

    suspected_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When it was held because it may have gone out between a backup and its restoring.",
    )

    class Meta:
        abstract = True

    @property
    def is_suspected(self) -> bool:
        """Nobody has decided about it since. It is never sent by itself."""
        return self.suspected_at is not None and self.suspected_at >= self.scheduled_at

    @saved_transition("state", State.QUEUED, State.MISSED)
    def set_aside(self, because: str) -> None:
        """Its time has passed while nobody wrote down what happened. Told once for all of them."""
        self.close_lost()
        self.let_go()
        self.suspected_at, self.reason = timezone.now(), because

    def set_in_doubt(self, because: str) -> None:
        """It was with the platform when the backup was taken. In the caller's transaction."""
        now = timezone.now()
        self.suspected_at, self.reconcile_at, self.looks = now, now, 0
        self.save(update_fields=["suspected_at", "reconcile_at", "looks"])
        if self.state == State.PUBLISHING:
            self.close_lost()
            self.doubt(self.claim_token, because, ask_at=now)

    @saved_transition("state", State.QUEUED, State.MISSED)
    def suspect(self, because: str) -> None:
        """A post that reads like it went out in the forgotten time: a person decides, and then it may go."""
        self.suspected_at, self.reason = timezone.now(), because
        Miss.objects.note(self)

    def point_out(self, post: ownership.Candidate) -> None:
        """One that reads the same was made in the forgotten time: a person says whether it is this one."""
        with transaction.atomic():
            self.lock()
            self.candidates.keep(self.pk, [post])
            self.reason = (
                f"A post that reads the same went out after the backup. Is it this one? {post.receipt.permalink}"
            )
            self.save(update_fields=["reason"])

    @saved_transition("state", State.MISSED, State.PUBLISHED)
    def recognise(self, candidate: Candidate, *, by: User) -> None:
        """A person has seen it on its account: it went out in the forgotten time."""
        people.require(by, people.OPERATE, of=self.client_id)
        self.name(candidate.receipt, KnownBy.PERSON, by)
        self.published_at = candidate.appeared_at(self.publish_at, timezone.now())
        self.reconcile_at = None
        self.let_go()
        self.begin_watch()
        self.preparations.end("used")
        self.tell("published", f"It went out after the backup that was restored: {by} has seen it on its account.")
