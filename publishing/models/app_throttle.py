"""What a platform said about a whole app: one row, which every account of that app respects."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.utils import timezone

from publishing import platforms


class AppThrottleQuerySet(models.QuerySet["AppThrottle"]):
    def in_force(self, now: datetime) -> "AppThrottleQuerySet":
        return self.filter(until__gt=now)

    def by_app(self, now: datetime) -> dict[str, "AppThrottle"]:
        """Those in force, read once for many accounts."""
        return {row.app: row for row in self.in_force(now)}

    def lengthen(self, app: str, until: datetime, because: str) -> bool:
        """It only lengthens. True when it begins with this, for one of those who were told at the same time."""
        now = timezone.now()
        self.get_or_create(app=app, defaults={"since": now, "until": now, "because": because})
        row = self.filter(app=app)
        if row.filter(until__lte=now).update(since=now, until=until, because=because):
            return True
        row.filter(until__lt=until).update(until=until, because=because)
        return False

    def lift(self, app: str) -> None:
        """The platform shows that there is room again."""
        now = timezone.now()
        self.in_force(now).filter(app=app).update(until=now)


class AppThrottle(models.Model):
    """Nothing of any account of this app is called before `until`."""

    app = models.CharField(max_length=100, unique=True, help_text="The family of platforms, and the app's id there.")
    since = models.DateTimeField()
    until = models.DateTimeField()
    because = models.TextField()

    objects = AppThrottleQuerySet.as_manager()

    class Meta:
        ordering = ["app"]

    def __str__(self) -> str:
        return f"{self.app} until {self.until:%Y-%m-%d %H:%M} UTC"


def calls_held(now: datetime) -> Q:
    """Accounts that may not be called. `Reach.calls_held` says it for one."""
    return Q(throttled_until__gt=now) | of_throttled_apps(now)


def posts_held(now: datetime) -> Q:
    """Accounts that may not publish, as far as their platform has said. `Reach.posts_held` says it for one."""
    return Q(restricted_until__gt=now) | calls_held(now)


def of_throttled_apps(now: datetime) -> Q:
    """Accounts whose app may not call."""
    found = Q(pk__in=[])
    for name in settings.SOPHIA_PLATFORMS:
        quiet = AppThrottle.objects.in_force(now).filter(app=platforms.app_of(name))
        found |= Q(Exists(quiet), platform=name)
    return found


def platforms_of(app: str) -> list[str]:
    return [name for name in settings.SOPHIA_PLATFORMS if platforms.app_of(name) == app]
