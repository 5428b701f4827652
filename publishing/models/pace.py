"""How fast an account's line and its platform were lately, and so how long before its time a post is prepared."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from publishing.models.step import Step

LONGEST = timedelta(hours=1)
"""Nothing is prepared earlier."""
LATELY = timedelta(days=7)
MEASURED = 30
"""Uploads that are looked at."""
ASSUMED = 500_000
"""Bytes a second, where nothing was uploaded lately."""
SAFETY = 2


@dataclass(frozen=True)
class Pace:
    speed: float = ASSUMED
    """Bytes a second."""
    processing: timedelta = timedelta()
    """The longest that the platform was at work on one thing."""

    def lead(self, size: int) -> timedelta:
        needed = timedelta(seconds=size / self.speed * SAFETY) + self.processing
        return max(settings.SOPHIA_PREPARE_AHEAD, min(needed, LONGEST))


def longest() -> timedelta:
    """No lead is longer, however much there is to send."""
    return max(settings.SOPHIA_PREPARE_AHEAD, LONGEST)


def of(account_id: int) -> Pace:
    steps = Step.objects.filter(preparation__publication__account=account_id)
    uploads = list(steps.uploads(timezone.now() - LATELY).order_by("-made_at")[:MEASURED])
    milliseconds = sum(step.milliseconds or 0 for step in uploads)
    worked = [step.took for step in uploads if step.took]
    speed = sum(step.size for step in uploads) / milliseconds * 1000 if milliseconds else ASSUMED
    return Pace(speed, max(worked, default=timedelta()))
