from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models

from sophia.moments import timezones
from sophia.notifications import quiet


def is_timezone(name: str) -> bool:
    return name in timezones()


class Timing(models.Model):
    """When somebody wants to be told: at once, not by night, or once a day. What is urgent is always told at once."""

    timezone = models.CharField(max_length=64, default="UTC")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    digest_at = models.TimeField(null=True, blank=True, help_text="Empty: every notice by itself, at once.")

    class Meta:
        abstract = True

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def due_at(self, told_at: datetime, urgent: bool) -> datetime:
        """When a notice of `told_at` is to be sent."""
        if urgent:
            return told_at
        due = quiet.next_time(told_at, self.zone, self.digest_at) if self.digest_at else told_at
        return self.quiet_end(due) or due

    def quiet_end(self, moment: datetime) -> datetime | None:
        """None when `moment` is not in its quiet hours."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return quiet.quiet_until(moment, self.zone, self.quiet_from, self.quiet_until)
