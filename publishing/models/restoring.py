"""A restored backup has forgotten what went out after it. So nothing goes out before each account has been read."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from publishing.models.account import SocialAccount
from publishing.models.publication import Publication
from publishing.models.states import State
from publishing.platforms import likeness
from publishing.platforms.base import Candidate, Kind, PlatformError
from sophia import people
from sophia.alarms import PUBLISH, set_alarm
from sophia.notifications.announce import announce
from sophia.refusals import WrongState

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

TURN = timedelta(minutes=2)
"""As long as one look keeps the others away. A worker that dies in the middle is followed by another."""


class RestorePointQuerySet(models.QuerySet["RestorePoint"]):
    def mark(self, taken_at: datetime, archive: str) -> "RestorePoint":
        """Whatever was due since the backup, or is past, is missed; what was with the platform is in doubt; and every
        account is read before anything else of it goes out. Nobody else may be at work."""
        with transaction.atomic():
            point = self.create(taken_at=taken_at, restored_at=timezone.now(), archive=archive)
            aside, doubtful = point.set_aside(), point.set_in_doubt()
            Relook.objects.bulk_create(
                Relook(point=point, account=account, next_at=point.restored_at)
                for account in SocialAccount.objects.all()
            )
            said = f"{point} {aside} publications are missed and {doubtful} in doubt: each may be out already."
            announce("desk.restored", said, link="/queue/?needs=missed", urgent=True)
        return point


class RestorePoint(models.Model):
    """When a backup was restored, and of when it was. Between the two lies what the database has forgotten."""

    taken_at = models.DateTimeField()
    restored_at = models.DateTimeField()
    archive = models.CharField(max_length=255)

    objects = RestorePointQuerySet.as_manager()

    class Meta:
        ordering = ["restored_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(restored_at__gte=models.F("taken_at")), name="restored_after_it_was_taken"
            )
        ]

    if TYPE_CHECKING:
        relooks: "RelatedManager[Relook]"

    def __str__(self) -> str:
        return f"Restored from a backup of {self.taken_at:%Y-%m-%d %H:%M} UTC."

    def set_aside(self) -> int:
        due = list(Publication.objects.waiting().filter(publish_at__lte=self.restored_at))
        for publication in due:
            publication.set_aside(f"{self} It was due since, or before, and may be out already.")
        return len(due)

    def set_in_doubt(self) -> int:
        doubtful = list(Publication.objects.on_its_way())
        for publication in doubtful:
            publication.set_in_doubt(f"{self} It was with the platform then.")
        return len(doubtful)


class RelookQuerySet(models.QuerySet["Relook"]):
    def waiting(self) -> "RelookQuerySet":
        return self.filter(looked_at=None)

    def due(self, now: datetime) -> "RelookQuerySet":
        """Those whose account may not be called wait for it, as its publications do."""
        silent = SocialAccount.objects.silent(now).order_by()
        return self.waiting().filter(next_at__lte=now).exclude(account__in=silent)

    def waive(self, account: SocialAccount, *, by: User) -> int:
        """A person has looked at the account themselves. Refused when nothing waits for that."""
        people.require(by, people.OPERATE, of=account.client_id)
        done = self.waiting().filter(account=account).update(looked_at=timezone.now(), looked_by=by)
        if not done:
            raise WrongState(f"{account} does not wait for a look after a restored backup.")
        account.say("account.looked_at", f"{by} has looked at what {account} posted since the backup.")
        return done


class Relook(models.Model):
    """One account after one restoring: nothing of it goes out before it has been read, or a person has looked."""

    point = models.ForeignKey(RestorePoint, models.PROTECT, related_name="relooks")
    account = models.ForeignKey(SocialAccount, models.PROTECT, related_name="relooks")
    next_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    problem = models.TextField(blank=True, help_text="Why the last look failed.")

    objects = RelookQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["point", "account"], name="one_relook_per_account")]
        indexes = [models.Index(fields=["account"], condition=Q(looked_at=None), name="relook_to_come")]

    def __str__(self) -> str:
        return f"{self.account} since the backup of {self.account.clock(self.point.taken_at)}"

    @property
    def sentence(self) -> str:
        said = f"{self.point} Sophia reads first what {self.account} has posted since."
        by_hand = f"Or look yourself, and say so: manage.py looked {self.account.label} --by YOU"
        return f"{said} It could not yet: {self.problem} {by_hand}" if self.problem else said

    def set_alarm(self) -> None:
        set_alarm("publishing.tasks.look_after_restoring", self.pk, at=timezone.now(), queue=PUBLISH)

    def look(self) -> None:
        """Once, if it is time to. A doubled job looks once."""
        now = timezone.now()
        if not Relook.objects.due(now).filter(pk=self.pk).update(next_at=now + TURN):
            return
        try:
            with self.account.reaching() as platform:
                seen = platform.recent(self.point.taken_at)
        except PlatformError as error:
            self.take_failure(error)
        else:
            self.keep(seen)

    def take_failure(self, error: PlatformError) -> None:
        if error.kind == Kind.AUTH:
            self.account.hold(str(error))
        Relook.objects.waiting().filter(pk=self.pk).update(problem=str(error))

    def keep(self, seen: list[Candidate]) -> None:
        """What no publication knows is kept for every later claim. Then the account is free."""
        known = self.account.known_post_ids()
        for post in seen:
            if post.receipt.post_id not in known:
                GapPost.objects.keep(self, post)
        if Relook.objects.waiting().filter(pk=self.pk).update(looked_at=timezone.now(), problem=""):
            for publication in self.account.publications.due_before(timezone.now()):
                publication.set_alarm()


class GapPostQuerySet(models.QuerySet["GapPost"]):
    def keep(self, relook: Relook, post: Candidate) -> None:
        receipt = post.receipt
        facts = {"point": relook.point, "permalink": receipt.permalink[:500], "message": post.message}
        row, _ = self.get_or_create(account=relook.account, post_id=receipt.post_id, defaults=facts)
        if row.publication is None and likeness.words(post.message):
            row.point_out(post)


class GapPost(models.Model):
    """A post on an account that no publication knows: it went out between a backup and its restoring."""

    account = models.ForeignKey(SocialAccount, models.PROTECT, related_name="gap_posts")
    point = models.ForeignKey(RestorePoint, models.PROTECT, related_name="posts")
    post_id = models.CharField(max_length=100)
    permalink = models.URLField(max_length=500, blank=True)
    message = models.TextField(blank=True)
    publication = models.ForeignKey(
        Publication,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose post it turned out to be.",
    )

    objects = GapPostQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "post_id"], name="one_gap_post_per_post")]

    def __str__(self) -> str:
        return self.permalink or self.post_id

    def point_out(self, post: Candidate) -> None:
        """To those that may be out, and read the same. Others are asked about when their time comes."""
        rows = self.account.publications.filter(state__in=[State.MISSED, State.UNCONFIRMED]).order_by("slot_at", "pk")
        for row in rows:
            if row.is_suspected and post.reads_like(row.outline()):
                row.point_out(post)
