from django.db import models
from django.utils import timezone


class Request(models.Model):
    """One request as it came in. No status means that no answer was given. Never holds a token."""

    at = models.DateTimeField(default=timezone.now)
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=300)
    version = models.CharField(max_length=10, blank=True)
    account = models.CharField(max_length=64, blank=True)
    params = models.JSONField(default=dict)
    token_in = models.CharField(max_length=6, default="none")
    status = models.PositiveSmallIntegerField(null=True)
    code = models.IntegerField(null=True)
    subcode = models.IntegerField(null=True)
    fault = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "at"])]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
