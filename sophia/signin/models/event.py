"""What happened that matters for security. Rows are added, and never changed or removed by Sophia."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from sophia.signin.whereabouts import whereabouts


class Kind(models.TextChoices):
    SIGNED_IN = "signed_in", "signed in"
    SIGN_IN_FAILED = "sign_in_failed", "sign-in failed"
    THROTTLED = "throttled", "made to wait"
    SIGNED_OUT = "signed_out", "signed out"
    CONFIRMED = "confirmed", "confirmed who they are"
    PASSWORD = "password", "password changed"
    FACTOR_SET = "factor_set", "second factor set up"
    FACTOR_REMOVED = "factor_removed", "second factor removed"
    RECOVERY_CODES = "recovery_codes", "recovery codes made or used"
    PERSON = "person", "person added, changed or removed"
    ROLE = "role", "role added, changed or removed"
    MEMBERSHIP = "membership", "works for other clients"
    RULE = "rule", "who has to approve changed"
    CREDENTIALS = "credentials", "account’s token changed"
    API_TOKEN = "api_token", "API token made or revoked"
    CLIENT_LINK = "client_link", "client link made or revoked"
    CALENDAR_LINK = "calendar_link", "calendar link made or revoked"
    CHANNEL = "channel", "channel of notices changed"


class Unchangeable(Exception):  # noqa: N818
    """Somebody tried to change the security log."""


SAID = "The security log is only added to."


class SecurityEventQuerySet(models.QuerySet["SecurityEvent"]):
    def update(self, **columns: Any) -> int:
        raise Unchangeable(SAID)

    def bulk_update(self, *args: Any, **options: Any) -> int:
        raise Unchangeable(SAID)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Unchangeable(SAID)


class SecurityEvent(models.Model):
    """Names are written out, not referred to: whoever is renamed or removed later stays in it as they were."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    who = models.CharField(max_length=150, blank=True, help_text="User name. Empty: the command line, or nobody known.")
    address = models.GenericIPAddressField(null=True, blank=True, help_text="Where the request came from.")
    about = models.CharField(max_length=300, blank=True)
    said = models.TextField(blank=True)

    objects = SecurityEventQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "at"]), models.Index(fields=["who", "at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.get_kind_display()}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise Unchangeable(SAID)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Unchangeable(SAID)


def note(kind: Kind, *, by: AbstractUser | None = None, about: Any = "", said: str = "") -> SecurityEvent:
    """`by` did it to `about`, and `said` tells what, in words. Without `by` it was the machine's administrator on the
    command line, or somebody who is not known."""
    return SecurityEvent.objects.create(
        kind=kind,
        who=by.get_username() if by else "",
        address=whereabouts.get(),
        about=str(about)[:300],
        said=said,
    )
