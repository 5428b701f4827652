from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from sophia.membership import Visible
from sophia.moments import timezones


def known_timezone(name: str) -> None:
    if name not in timezones():
        raise ValidationError(f"“{name}” is not a timezone. Write a name such as Europe/Lisbon or UTC.")


def default_lateness() -> timedelta:
    limit: timedelta = settings.SOPHIA_LATENESS_LIMIT
    return limit


class ClientQuerySet(Visible["Client"]):
    whose = "pk"


class Client(models.Model):
    """A business we post for."""

    class Rule(models.TextChoices):
        ONE = "one", "one person, also its author"
        ANOTHER = "another", "another person than its author"
        TWO = "two", "two people"

    name = models.CharField(max_length=200, unique=True)
    timezone = models.CharField(max_length=64, default="UTC", validators=[known_timezone])
    lateness_limit = models.DurationField(
        default=default_lateness, help_text="A post later than this is not sent; the operator is asked instead."
    )
    approval_rule = models.CharField(
        max_length=10,
        choices=Rule.choices,
        default=Rule.ONE,
        db_default=Rule.ONE.value,
        help_text="Who has to approve a draft. The author is whoever first wrote this version. For approvals to come.",
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
