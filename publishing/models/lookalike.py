"""Scheduled twins: what looks like a post that is being taken down waits for a person."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from publishing.models.pause import hold_claims
from publishing.models.post import Post
from publishing.models.states import AFLOAT, State
from publishing.platforms.likeness import loosely
from sophia.alarms import PUBLISH, set_alarm
from sophia.membership import Visible

if TYPE_CHECKING:
    from publishing.models.publication import Publication
    from publishing.models.queue import PublicationQuerySet
    from publishing.models.recovery import Recovery


class Because(models.TextChoices):
    TEXT = "text", "the same text"
    IMAGE = "image", "the same image"


class LookalikeQuerySet(Visible["Lookalike"]):
    whose = "publication__account__client"

    def holding(self) -> "LookalikeQuerySet":
        return self.filter(released_at=None)

    def hold(self, recovery: "Recovery") -> None:
        """In the transaction in which a person starts `recovery`: no claim after it lets one of these out. What a
        worker has already is noted too: it is held if it comes back to the queue."""
        publication = recovery.publication
        hold_claims(publication.account.client, "", None)
        afloat = of_the_same_client(publication).filter(state__in=AFLOAT)
        found = alike(publication, afloat)
        known = set(self.filter(publication__in=found.keys()).holding().values_list("publication", flat=True))
        for twin in afloat.filter(pk__in=found).select_related("account"):
            row = self.create(publication=twin, recovery=recovery, because=found[twin.pk])
            if twin.pk not in known:
                twin.say("publication.held", row.sentence, urgent=True)

    def let_go(self, *, by: User, note: str = "") -> int:
        return self.holding().update(released_at=timezone.now(), released_by=by, note=note.strip())

    def dismiss(self, recovery: "Recovery", *, by: User) -> None:
        """The post stays up, so what looks like it may go out. Each gets its slot in a transaction of its own."""
        rows = self.filter(recovery=recovery).holding()
        twins = [row.publication for row in rows.select_related("publication__account")]
        note = f"The take-down of publication {recovery.publication_id} was dismissed: {recovery.note}"
        rows.let_go(by=by, note=note)
        for twin in twins:
            if twin.state != State.QUEUED or twin.held_as:
                continue  # It was not held, or another take-down still holds it.
            twin.say("publication.released", f"{twin} is no longer held. {note}")
            set_alarm("publishing.tasks.resettle", twin.pk, at=timezone.now(), queue=PUBLISH)


class Lookalike(models.Model):
    """A publication that must not go out by itself, because it looks like what `recovery` takes down. It changes no
    other row: every claim looks here."""

    Because = Because

    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="lookalikes")
    recovery = models.ForeignKey("publishing.Recovery", models.PROTECT, related_name="lookalikes")
    because = models.CharField(max_length=5, choices=Because.choices)
    held_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True, help_text="Why it was released.")

    objects = LookalikeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "recovery"], name="one_lookalike_per_recovery"),
        ]
        indexes = [
            models.Index(fields=["publication"], condition=models.Q(released_at=None), name="lookalikes_that_hold"),
        ]

    def __str__(self) -> str:
        return f"Publication {self.publication_id} looks like publication {self.recovery.publication_id}"

    @property
    def in_force(self) -> bool:
        return self.released_at is None

    @property
    def likeness(self) -> str:
        return f"It has {self.get_because_display()} as publication {self.recovery.publication_id}"

    @property
    def sentence(self) -> str:
        """What it means for its publication as that is now."""
        twin = self.publication
        said = f"{twin} has {self.get_because_display()} as publication {self.recovery.publication_id}"
        if twin.state == State.QUEUED:
            return f"{said}, which is being taken down. It is held: release it or cancel it."
        where = twin.account.get_platform_display()
        return f"{said} and is with {where} already. It is not stopped: take it down if need be."


def alike(post: Post, rows: "PublicationQuerySet") -> dict[int, str]:
    """Which of `rows` say the same or share an image with `post`: each one's number, and why."""
    images = [picture.image_id for picture in post.pictures.all()]
    found: dict[int, Any] = dict.fromkeys(
        rows.filter(pictures__image__in=images).order_by().values_list("pk", flat=True).distinct(), Because.IMAGE
    )
    if words := loosely(post.text):
        texts = rows.exclude(text="").order_by().values_list("pk", "text")
        found |= {pk: Because.TEXT for pk, text in texts if loosely(text) == words}
    return found


def of_the_same_client(publication: "Publication") -> "PublicationQuerySet":
    rows = type(publication).objects.filter(account__client=publication.account.client_id)
    return rows.exclude(pk=publication.pk)
