from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse

from publishing.sandbox.models.accounts import Account
from publishing.sandbox.models.knobs import now


class PostQuerySet(models.QuerySet["Post"]):
    def existing(self) -> Self:
        return self.filter(deleted_at=None)

    def public(self) -> Self:
        """What followers see: a scheduled post appears here by itself when its time comes."""
        return self.existing().filter(published_at__lte=now())

    def scheduled(self) -> Self:
        return self.existing().filter(published_at__gt=now())

    def unpublished(self) -> Self:
        return self.existing().filter(published_at=None)

    def settled(self, lag: float) -> Self:
        """Without what is too new for lists."""
        latest = now() - timedelta(seconds=lag)
        return self.filter(created_at__lte=latest).exclude(published_at__gt=latest, published_at__lte=now())

    def bring_back(self) -> None:
        """What was deleted, and comes back by itself. A second deletion is for good."""
        due = self.filter(returns_at__lte=now(), deleted_at__lt=models.F("returns_at"))
        if due.exists():
            due.update(deleted_at=None)

    def shown(self, account: Account) -> Self:
        """Without what the account hides."""
        return self.none() if account.knobs["hides_posts"] else self.exclude(graph_id__in=account.knobs["hidden_posts"])

    def newest_first(self) -> Self:
        return self.annotate(moment=Coalesce("published_at", "created_at")).order_by("-moment", "-pk")


class Post(models.Model):
    """A post of a Page, or a medium on Instagram. `published_at` in the future means scheduled."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="posts")
    graph_id = models.CharField(max_length=100, unique=True)
    text = models.TextField(blank=True)
    link = models.TextField(blank=True)
    app_id = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    returns_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    def __str__(self) -> str:
        return self.graph_id

    def get_absolute_url(self) -> str:
        return f"{self.account.get_absolute_url()}#post-{self.graph_id}"

    @property
    def is_public(self) -> bool:
        return self.deleted_at is None and self.published_at is not None and self.published_at <= now()

    @property
    def is_scheduled(self) -> bool:
        return self.published_at is not None and self.published_at > now()

    @property
    def is_hidden(self) -> bool:
        return self.account.knobs["hides_posts"] or self.graph_id in self.account.knobs["hidden_posts"]

    @property
    def is_foreign(self) -> bool:
        """A person made it, by no app."""
        return not self.app_id

    @property
    def has_returned(self) -> bool:
        return self.deleted_at is None and self.returns_at is not None

    @property
    def appeared_at(self) -> datetime:
        return self.published_at or self.created_at

    @transaction.atomic
    def change(self, **changes: Any) -> None:
        type(self).objects.select_for_update().get(pk=self.pk)
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=list(changes))

    def remove(self) -> bool:
        """False when somebody else removed it first."""
        moment, after = now(), self.account.knobs["comes_back_after"]
        returns_at = moment + timedelta(seconds=after) if after and self.published_at else None
        facts = {"deleted_at": moment, "returns_at": self.returns_at or returns_at}
        return bool(type(self).objects.existing().filter(pk=self.pk).update(**facts))


class Picture(models.Model):
    """An image of a post, or one that waits for its post. The bytes lie under their hash, see images.py."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="pictures")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField(default=0)
    graph_id = models.CharField(max_length=100, unique=True)
    sha256 = models.CharField(max_length=64)
    mime = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.TextField(blank=True)
    app_id = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=now)
    deleted_at = models.DateTimeField(null=True, blank=True)
    answered = models.BooleanField(default=True, help_text="Whoever uploaded it was told its id.")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.graph_id

    @property
    def is_there(self) -> bool:
        """The photos of a Page's post go with it, unless the account keeps them."""
        outlived = self.post is None or self.post.deleted_at is None or self.account.knobs["photos_stay"]
        return self.deleted_at is None and outlived

    def remove(self) -> bool:
        return bool(type(self).objects.filter(pk=self.pk, deleted_at=None).update(deleted_at=now()))

    @property
    def url(self) -> str:
        return reverse("sandbox:image", args=[self.sha256])
