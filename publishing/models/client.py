import unicodedata
from datetime import timedelta
from difflib import get_close_matches
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


TWIN_WINDOW = timedelta(days=30)
ALIKE = 0.85
"""Of 1. A name of ten letters with one wrong is 0.9."""


def bare(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


class ClientQuerySet(Visible["Client"]):
    whose = "pk"

    def called_like(self, name: str) -> "Client | None":
        """One whose name is the same but for accents, letter case or a slip of the finger."""
        plain = {bare(client.name): client for client in self}
        close = get_close_matches(bare(name), plain, n=1, cutoff=ALIKE)
        return plain[close[0]] if close else None


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

    twin_window = models.DurationField(
        default=TWIN_WINDOW,
        db_default=TWIN_WINDOW,
        help_text="The same text or images within this time, on one account, need a reason. Zero: never.",
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
