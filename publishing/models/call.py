from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q

from publishing.models.account import SocialAccount
from publishing.models.reach import Reach
from publishing.platforms import base
from sophia.membership import Visible

if TYPE_CHECKING:
    from publishing.models.waking import Waking


class CallQuerySet(Visible["Call"]):
    whose = "account__client"

    def record(self, account: Reach, publication: "Waking | None", made: Sequence[base.Call]) -> None:
        """Write down what was asked of the platform, in a transaction of its own: no failure may take it back."""
        with transaction.atomic(durable=True):
            self.bulk_create(
                self.model(
                    account_id=account.pk,
                    publication_id=publication.pk if publication else None,
                    at=call.at,
                    verb=call.verb,
                    method=call.method,
                    path=call.path[:500],
                    status=call.status,
                    code=call.code,
                    subcode=call.subcode,
                    milliseconds=call.milliseconds,
                    trace_id=call.trace_id,
                )
                for call in made
            )

    def blocked_since(self, moment: datetime) -> "CallQuerySet":
        """Refused for what usage figures say nothing about: abuse, spam, or posts used up (platforms.md C4)."""
        return self.filter(Q(code__in=[9, 368]) | Q(subcode=2207051), at__gt=moment)


class Call(models.Model):
    """One request to a platform, as it happened: the ledger that rate limits are counted from."""

    account = models.ForeignKey(SocialAccount, models.CASCADE, related_name="calls")
    publication = models.ForeignKey("publishing.Publication", models.SET_NULL, null=True, related_name="calls")
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=500)
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP. Empty: no answer came.")
    code = models.IntegerField(null=True)
    subcode = models.IntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    trace_id = models.CharField(max_length=100, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["account", "at"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.path} at {self.at:%H:%M:%S}"
