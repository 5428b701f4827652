"""How the sandbox behaves where platforms.md marks a knob (⚙), for everything or for one account."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

DEFAULTS: dict[str, Any] = {
    "two_step": True,  # POST /{post} takes is_published=true
    "duplicate_check": False,  # 506 for the words of the Page's latest post
    "schedule_days": 30,  # how far ahead a post may be scheduled
    "list_lag_seconds": 0,  # until a new post is in any list
    "feed_omits": 0,  # so many of the newest posts are missing from /feed and /posts
    "feed_shows_unpublished": False,
    "lists_unpublished": True,  # /promotable_posts lists what is not published; else there is no such edge
    "hides_posts": False,  # reading and deleting answer 100/33, and lists are empty, though the posts are there
    "hidden_posts": [],  # the same for these ids only
    "foreign_app": False,  # every post counts as made by another app
    "foreign_refusal": 33,  # 33 (code 100/33) or 200, for posts of another app
    "delete_lag": 0,  # seconds that a deleted post can still be read
    "delete_without_effect": 0,  # so many deletions answer success and change nothing; -1 is all
    "comes_back_after": 0,  # seconds until a deleted post is public again, once; 0 is never
    "photos_stay": False,  # the photos of a Page's post outlive it
    "in_progress_polls": 0,  # reads of a container that answer IN_PROGRESS
    "upload_seconds": 0,  # how long a photo takes to upload, or an image to be fetched
    "processing_seconds": 0,  # how long a container is IN_PROGRESS
    "late_image_errors": False,  # a bad image becomes a container in ERROR
    "publish_twice": "a",  # a: 9007/2207027, b: 24/2207006, c: a second post appears
    "publish_then_restrict": "",  # media_publish answers 4/2207051; "with": the first one publishes, "without"
    "throttle_posting": False,  # 368 for all that posts; reading and deleting work
    "quota_total": 50,  # Instagram posts in 24 hours
    "container_total": 400,
    "delete_needs_user": False,  # a Page token may not delete Instagram media
    "delete_refused": 0,  # 2207073 or 2207085, with code -1
    "auth_status": 400,  # HTTP status of error 190; 401 has been seen too
    "proof_required": False,  # appsecret_proof
    "usage": None,  # percent of the account's calls to show in the usage headers; None sends none
    "app_usage": None,  # percent of the whole app's calls, likewise
    "call_limit": 0,  # calls per account and hour; 0 is no limit
    "limit_code": 0,  # 4, 32, 80001 or 80002; 0 picks by platform
    "regain_minutes": 5,
    "app_throttled": False,  # code 4 for every call; for everything only
    "clock": 0,  # seconds that the sandbox is ahead; for everything only
    "date_skew": 0,  # seconds that the Date header is ahead of that (uvicorn --no-date-header)
}


def now() -> datetime:
    """The time as the sandbox sees it."""
    ahead = Knob.objects.filter(account="", name="clock").values_list("value", flat=True).first()
    return timezone.now() + timedelta(seconds=ahead or 0)


class KnobManager(models.Manager["Knob"]):
    def for_account(self, account: str = "") -> dict[str, Any]:
        rows = self.filter(account__in=["", account]).order_by("account")
        return DEFAULTS | {row.name: row.value for row in rows}

    @transaction.atomic
    def turn(self, account: str = "", **values: Any) -> None:
        for name, value in values.items():
            self.update_or_create(account=account, name=name, defaults={"value": checked(name, value)})

    def spend(self, account: str, name: str) -> bool:
        """Whether it is on. One that counts is then one less, and two requests never use the same time."""
        row = self.filter(account__in=[account, ""], name=name).order_by("-account").first()
        left = int(row.value or 0) if row else 0
        if row is None or left <= 0:
            return left < 0
        if self.filter(pk=row.pk, value=left).update(value=left - 1):
            return True
        return self.spend(account, name)

    def reset(self) -> None:
        self.all().delete()


class Knob(models.Model):
    """A setting that differs from DEFAULTS. An empty account means all."""

    account = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=40)
    value = models.JSONField(null=True)

    objects = KnobManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="sandbox_one_value_per_knob")]

    def __str__(self) -> str:
        return f"{self.account or 'all'}: {self.name} = {self.value}"


def checked(name: str, value: Any) -> Any:
    if name not in DEFAULTS:
        raise ValueError(f"There is no knob “{name}”. There are: {', '.join(sorted(DEFAULTS))}.")
    wanted = type(DEFAULTS[name])
    if wanted is type(None):
        fine = value is None or type(value) is int
    elif wanted is int:
        fine = type(value) in {int, float}
    else:
        fine = type(value) is wanted
    if not fine:
        raise ValueError(f"The knob “{name}” takes a value like {DEFAULTS[name]!r}, not {value!r}.")
    return value
