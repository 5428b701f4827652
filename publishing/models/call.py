from django.db import models

from publishing.models.account import SocialAccount


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

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["account", "at"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.path} at {self.at:%H:%M:%S}"
