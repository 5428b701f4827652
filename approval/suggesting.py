"""When a draft was meant to go out. The one place that decides whether that may still be taken for an answer."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from publishing.models import SocialAccount
from sophia.refusals import Refused

MEANS_NOW = timedelta(minutes=1)
"""People and scripts are not quicker."""

RUNNING_OUT = timedelta(days=1)
"""The first page tells of what is still in review so shortly before its time."""


class TimePassed(Refused):
    """Nobody has said when it goes out, and the time that was suggested is over."""


class Suggested(models.Model):
    """The part of Draft that was meant for a time."""

    suggested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        account: SocialAccount

        @property
        def wants_a_first(self) -> bool: ...

    @property
    def is_ahead(self) -> bool:
        return self.suggested_at is not None and self.suggested_at > timezone.now()

    @property
    def has_passed(self) -> bool:
        """A slot that has passed is a missed one, before the approval too: somebody has to choose another."""
        return self.suggested_at is not None and self.suggested_at < timezone.now() - MEANS_NOW

    @property
    def needs_a_time(self) -> bool:
        """Whoever approves it next has to choose one. Of two who approve, that is the second."""
        return self.has_passed and not self.wants_a_first

    @property
    def planned_at(self) -> datetime:
        """Where it stands in plans: at its suggested time, or now. Not for approving: that asks `default_time`."""
        return max(self.suggested_at or timezone.now(), timezone.now())

    def default_time(self) -> datetime:
        """When it goes out if it is approved without a word about that. TimePassed when nobody may guess."""
        if self.needs_a_time:
            raise TimePassed(f"{self.over} Choose when it goes out.")
        return self.planned_at

    @property
    def over(self) -> str:
        """The sentence about a suggested time that has passed, or nothing."""
        if not self.has_passed or self.suggested_at is None:
            return ""
        return f"Its suggested time, {self.account.clock(self.suggested_at)}, has passed."
