"""Everything of a client that went out since a time comes down: asked for once, carried out post by post."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from publishing.models.attempt import Attempt
from publishing.models.client import Client
from publishing.models.pause import Pause
from publishing.models.publication import Publication
from publishing.models.queue import PublicationQuerySet
from publishing.models.recovery import Recovery, RecoveryQuerySet
from publishing.models.states import PROVED, State
from publishing.models.tally import Tally
from sophia import moments, people
from sophia.alarms import set_alarm
from sophia.doors import Via
from sophia.membership import Visible
from sophia.notifications.announce import announce
from sophia.refusals import Refused, WrongState

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    class RecoveryManager(RelatedManager[Recovery], RecoveryQuerySet): ...  # type: ignore[misc]


log = logging.getLogger(__name__)
AT_ONE_PRESS = 25
"""Posts that are asked for while somebody waits. A worker asks for the others at once."""
LOOK_EVERY = timedelta(seconds=5)
SOON = timedelta(seconds=10)
IN_A_HURRY = timedelta(hours=1)
"""After that the sweep, every minute, is often enough."""


@dataclass(frozen=True)
class Scope:
    """What an emergency would be about."""

    client: Client
    since: datetime

    def __str__(self) -> str:
        return f"{self.client} since {self.since.astimezone(self.client.zone):%a %d %b %H:%M} {self.client.timezone}"

    @property
    def posts(self) -> PublicationQuerySet:
        """What is out, as far as Sophia knows, the latest first."""
        out = Publication.objects.live().filter(account__client=self.client, published_at__gte=self.since)
        return out.order_by("-published_at", "-pk")

    @property
    def coming_down(self) -> PublicationQuerySet:
        """Those of them that are being taken down already."""
        at_work = Recovery.objects.open().exclude(pk__in=Recovery.objects.needing_a_person())
        return self.posts.filter(pk__in=at_work.values("publication"))

    @property
    def on_their_way(self) -> PublicationQuerySet:
        """Come down as soon as they are out: being published, or nobody knows whether they are live."""
        tried = attempts().filter(started_at__gte=self.since)
        return Publication.objects.on_its_way().filter(Exists(tried), account__client=self.client)

    def require_something(self) -> None:
        if not self.posts.exists() and not self.on_their_way.exists():
            raise Refused(f"Nothing of {self} is out. To hold what is queued, pause the client.")


class EmergencyQuerySet(Visible["Emergency"]):
    def start(
        self,
        *,
        by: User,
        client: Client,
        since: datetime,
        reason: str,
        pause: bool = True,
        via: str = Via.WEB,
        key: uuid.UUID | None = None,
    ) -> "Emergency":
        """Pause the client, and take down post by post whatever it has published since `since`. What a crash leaves
        undone is done by `follow`. One `key`, which stands for one confirmation, is one emergency."""
        people.require(by, people.RECOVER, of=client.pk)
        if pause:
            people.require(by, people.PAUSE, of=client.pk)
        if not reason.strip():
            raise Refused("Say why everything must come down: the reason is kept with every post.")
        if moments.within_horizon(since) > timezone.now():
            raise Refused("That time lies ahead. Choose one that has passed.")
        with transaction.atomic():
            Client.objects.select_for_update(no_key=True).get(pk=client.pk)
            if key and (existing := self.filter(key=key).first()):
                return existing
            emergency = self.declare(Scope(client, since), by, reason.strip(), pause, via, key or uuid.uuid4())
        emergency.begin()
        return emergency

    def declare(self, scope: Scope, by: User, reason: str, pause: bool, via: str, key: uuid.UUID) -> "Emergency":
        scope.require_something()
        held = None
        if pause:
            held = Pause.objects.start(by=by, reason=f"Emergency: {reason}", client=scope.client, via=via)
        emergency = self.create(
            client=scope.client, since=scope.since, reason=reason, by=by, via=via, pause=held, key=key
        )
        emergency.say("started", f"{by} takes down everything of {scope}: {reason}")
        emergency.set_alarm()
        return emergency

    def to_follow(self, now: datetime) -> "EmergencyQuerySet":
        return self.filter(finished_at=None)


class Emergency(models.Model):
    """Who wanted everything of a client down that was published since a time, and why. Its recoveries tell the rest."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="emergencies")
    since = models.DateTimeField()
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    via = models.CharField(max_length=10, choices=Via.choices)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="Of the confirmation.")
    started_at = models.DateTimeField(default=timezone.now)
    pause = models.ForeignKey(Pause, models.PROTECT, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When nothing was left to wait for.")

    objects = EmergencyQuerySet.as_manager()

    if TYPE_CHECKING:

        @property
        def recoveries(self) -> "RecoveryManager": ...

    class Meta:
        ordering = ["-started_at"]
        verbose_name_plural = "emergencies"

    def __str__(self) -> str:
        return f"Emergency {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("publishing:emergency", args=[self.pk])

    @property
    def scope(self) -> Scope:
        return Scope(self.client, self.since)

    @property
    def unasked(self) -> PublicationQuerySet:
        """Out at its start, or with the platform then, and nobody has been asked to take it down. Not what a later
        emergency has taken up."""
        asked = Recovery.objects.filter(emergency__gte=self.pk).values("publication")
        late = Exists(self.begun()) & ~Exists(attempts().filter(started_at__gt=self.started_at))
        out = Q(state=State.PUBLISHED, published_at__gte=self.since) & (Q(published_at__lte=self.started_at) | late)
        going = Q(state__in=[State.PUBLISHING, State.UNCONFIRMED]) & late
        rows = Publication.objects.filter(out | going, account__client=self.client)
        return rows.exclude(pk__in=asked).order_by("-published_at", "-pk")

    @property
    def awaited(self) -> RecoveryQuerySet:
        """Whose posts are still with the platform."""
        return self.recoveries.open().filter(publication__state__in=[State.PUBLISHING, State.UNCONFIRMED])

    def begun(self) -> models.QuerySet[Attempt]:
        return attempts().filter(started_at__range=(self.since, self.started_at))

    def begin(self) -> None:
        """The latest posts now, and a worker at once for the others."""
        self.ask_for(self.unasked[:AT_ONE_PRESS])
        if self.unasked.exists():
            set_alarm("publishing.tasks.follow_emergency", self.pk, at=timezone.now())
        self.finish()

    def follow(self) -> None:
        """Whatever is left to ask for is asked for, and the end is told once. Again and again, by whoever comes by."""
        self.ask_for(self.unasked)
        self.finish()

    def ask_for(self, publications: PublicationQuerySet) -> None:
        for publication in publications:
            try:
                self.take_down(publication)
            except Refused as refused:
                log.warning("%s left %s: %s", self, publication, refused)

    def take_down(self, publication: Publication) -> None:
        with transaction.atomic():
            publication.lock()
            if publication.recoveries.filter(emergency__gte=self.pk).exists():
                return
            recovery = publication.recover(by=self.by, reason=self.reason, via=self.via)
            Recovery.objects.filter(pk=recovery.pk).update(emergency=self)

    @property
    def is_going_on(self) -> bool:
        """Something of it may be public, and nobody has said that it may stay."""
        return self.recoveries.open().exists() or self.unasked.exists()

    @property
    def is_at_work(self) -> bool:
        """Something of it moves by itself, and soon."""
        moving = self.recoveries.open().exclude(pk__in=Recovery.objects.needing_a_person())
        soon = moving.under_way() | moving.filter(next_at__lte=timezone.now() + SOON)
        return soon.exists() or self.unasked.exists()

    def finish(self) -> None:
        if self.finished_at or self.is_going_on:
            return
        with transaction.atomic():
            ended = Emergency.objects.filter(pk=self.pk, finished_at=None)
            if ended.update(finished_at=timezone.now()):
                self.say("finished", f"{self}, {self.scope}: {self.tally().sentence}")
        self.refresh_from_db(fields=["finished_at"])

    def try_again(self, *, by: User, via: str = Via.WEB) -> int:
        """What is left to a person is tried, or looked at, once more, so much at one press. Returns how many."""
        people.require(by, people.RECOVER, of=self.client_id)
        count = 0
        # Sophia can neither remove nor see them: nobody has said which posts they are.
        unseen = Q(state=Recovery.State.MANUAL) & ~Q(publication__known_by__in=PROVED)
        left = self.recoveries.needing_a_person().exclude(unseen).select_related("publication")
        for recovery in left[:AT_ONE_PRESS]:
            try:
                recovery.publication.recover(by=by, reason=self.reason, via=via)
            except WrongState:
                continue  # Somebody was quicker.
            count += 1
        return count

    def tally(self) -> Tally:
        return Tally.of(
            Recovery.objects.filter(emergency=self),
            list(self.unasked.values_list("pk", flat=True)),
        )

    def say(self, fact: str, sentence: str) -> None:
        announce(f"emergency.{fact}", sentence, link=self.get_absolute_url(), urgent=True, client=self.client_id)

    def set_alarm(self) -> None:
        """To go on soon: for what a crash left undone, and for telling the end when it comes."""
        now = timezone.now()
        if self.finished_at is None and now - self.started_at < IN_A_HURRY:
            set_alarm("publishing.tasks.follow_emergency", self.pk, at=now + LOOK_EVERY)


def attempts() -> models.QuerySet[Attempt]:
    """For asking about each publication: its tries to publish, without what was only prepared."""
    return Attempt.objects.filter(publication=OuterRef("pk"), ahead=False)
