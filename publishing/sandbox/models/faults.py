from fnmatch import fnmatchcase
from typing import Any

from django.db import models


class FaultManager(models.Manager["Fault"]):
    def arm(self, on: str, kind: str, **details: Any) -> "Fault":
        """`on` is a method and a path without version, each with wildcards: "POST */feed", "DELETE *", "* me"."""
        method, _, path = on.strip().partition(" ")
        fault = Fault(method=method.upper(), path=path.strip().lstrip("/"), kind=kind, **details)
        fault.full_clean()
        fault.save()
        return fault

    def take(self, method: str, path: str, when: str) -> "Fault | None":
        """The first fault that matches, with one of its times used up."""
        for fault in self.filter(when=when).order_by("pk"):
            if fault.matches(method, path) and fault.use():
                return fault
        return None

    def clear(self) -> None:
        self.all().delete()


class Fault(models.Model):
    """Something goes wrong with matching requests: before the request does anything, or after it did everything."""

    class Kind(models.TextChoices):
        REFUSED = "refused", "closed without a byte"
        RESET = "reset", "cut off in the middle of the answer"
        HANG = "hang", "silence, then closed"
        STATUS_500 = "status_500", "HTTP 500, code 1"
        STATUS_503 = "status_503", "HTTP 503, code 2"
        HTML_502 = "html_502", "HTTP 502, a web page"
        EMPTY_200 = "empty_200", "HTTP 200, empty"
        NO_ID_200 = "no_id_200", "HTTP 200, an object without id"
        SUCCESS_FALSE = "success_false", "HTTP 200, success: false"
        ERROR = "error", "any Graph error"

    class When(models.TextChoices):
        BEFORE = "before"
        AFTER = "after"

    method = models.CharField(max_length=7)
    path = models.CharField(max_length=200)
    kind = models.CharField(max_length=13, choices=Kind)
    when = models.CharField(max_length=6, choices=When, default=When.BEFORE)
    times = models.PositiveIntegerField(null=True, blank=True, default=1)
    used = models.PositiveIntegerField(default=0, editable=False)
    code = models.IntegerField(default=1)
    subcode = models.IntegerField(null=True, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    is_transient = models.BooleanField(default=False)
    message = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(default=30)

    objects = FaultManager()

    def __str__(self) -> str:
        return f"{self.kind} {self.when} {self.method} {self.path}"

    def matches(self, method: str, path: str) -> bool:
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)

    def use(self) -> bool:
        """Compare and swap, so that two requests never use the same time."""
        spent = models.Q(times__isnull=False, used__gte=models.F("times"))
        return bool(Fault.objects.filter(pk=self.pk).exclude(spent).update(used=models.F("used") + 1))

    @property
    def left(self) -> int | None:
        return None if self.times is None else self.times - self.used
