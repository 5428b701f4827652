"""Looking ahead: whether a queued publication would go out at its time. `publishing/preflight.py` holds the checks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from publishing.models.states import State
from publishing.models.waking import Waking
from sophia import live, people
from sophia.alarms import set_alarm
from sophia.membership import Visible
from sophia.refusals import Refused, WrongState

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

LAST_CALL = timedelta(minutes=5)
"""Nobody can mend much in less: what goes out sooner is checked by its claim alone."""
Findings = list[dict[str, str]]


class PreflightQuerySet(Visible["Preflight"]):
    whose = "publication__account__client"


class Preflight(models.Model):
    """One check ahead of time, as it went. Never changed."""

    publication = models.ForeignKey("publishing.Publication", models.CASCADE, related_name="preflights")
    at = models.DateTimeField()
    ahead = models.DurationField(help_text="How long before its time.")
    findings = models.JSONField(default=list, help_text="Each with check, sentence and to_do. Empty: all is well.")

    objects = PreflightQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Pre-flight of {self.publication}, {len(self.findings)} findings"

    @property
    def is_last_call(self) -> bool:
        """So near its time that what it found is urgent."""
        near: timedelta = settings.SOPHIA_PREFLIGHT_AHEAD[-1]
        return self.ahead <= near

    def tells_more_than(self, earlier: "Preflight") -> bool:
        """Something new, or the same, and now it is urgent."""
        return said(self.findings) != said(earlier.findings) or (self.is_last_call and not earlier.is_last_call)


class Preflighted(Waking):
    """The part of Publication that is checked ahead. Its state stays what it is."""

    preflight_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it is checked next, or its check counts as given up."
    )

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def preflights(self) -> "RelatedManager[Preflight]": ...

    @property
    def would_fail(self) -> Findings:
        """What the last check found, while it waits. From `prefetch_related("preflights")` in lists."""
        checks = list(self.preflights.all()) if self.state == State.QUEUED else []
        return checks[-1].findings if checks else []

    def plan_preflight(self, now: datetime) -> None:
        """It got a time: all its checks are ahead of it again, and what has passed of them is one. The caller saves."""
        marks = self.preflight_marks()
        soon = self.publish_at - now < LAST_CALL
        self.preflight_at = None if soon else max(min(marks), now)

    def preflight_marks(self) -> list[datetime]:
        return [self.publish_at - ahead for ahead in settings.SOPHIA_PREFLIGHT_AHEAD]

    def ask_preflight(self, *, by: User) -> None:
        """Check it now. A worker does it."""
        people.require(by, people.OPERATE, of=self.client_id)
        now = timezone.now()
        with transaction.atomic():
            self.lock()
            if self.state != State.QUEUED:
                raise WrongState(self.refusal("check"))
            if self.publish_at <= now:
                raise WrongState(f"{self} is due. The checks below say why it does not go out.")
            if held := self.account.calls_held(now):
                raise Refused(f"{held.because} Check it then.")
            self.move_preflight(now)
            set_alarm("publishing.tasks.preflight", self.account_id, at=now)

    def move_preflight(self, to: datetime | None) -> None:
        self.preflight_at = to
        self.save(update_fields=["preflight_at"])

    def claim_preflight(self, now: datetime) -> bool:
        """Of two workers one checks it. Of one that dies, it comes again when the lease has run out. What is due, and
        held, has nothing ahead of it any more."""
        row = type(self)._base_manager.filter(pk=self.pk, preflight_at=self.preflight_at, preflight_at__lte=now)
        until = now + settings.SOPHIA_LEASE if self.publish_at > now else None
        claimed = bool(row.update(preflight_at=until))
        self.preflight_at = until
        return claimed and until is not None

    def postpone_preflight(self, until: datetime) -> None:
        """The account cannot be asked now. Nothing when it got another time meanwhile."""
        row = type(self)._base_manager.filter(pk=self.pk, preflight_at=self.preflight_at)
        row.update(preflight_at=until)

    def keep_preflight(self, findings: Findings) -> None:
        """What the check found. It is told when it differs from what the last one found. Nothing is kept when the
        publication got another time meanwhile, or waits no more."""
        claim, now = self.preflight_at, timezone.now()
        with transaction.atomic():
            self.lock()
            if self.state != State.QUEUED or self.preflight_at != claim:
                return
            earlier = self.preflights.last()
            check = self.preflights.create(at=now, ahead=self.publish_at - now, findings=findings)
            self.move_preflight(min((mark for mark in self.preflight_marks() if mark > now), default=None))
            self.tell_preflight(check, earlier)

    def tell_preflight(self, check: Preflight, earlier: Preflight | None) -> None:
        if check.findings and (earlier is None or check.tells_more_than(earlier)):
            when = self.account.clock(self.publish_at)
            sentence = f"{self}, planned for {when}, would fail: {told(check.findings)}"
            self.say("preflight.finding", sentence, urgent=check.is_last_call)
        elif earlier and earlier.findings and not check.findings:
            self.say("preflight.mended", f"{self} would no longer fail.")
        else:
            checked: dict[str, Any] = {"sentence": "", "link": self.get_absolute_url(), "urgent": False}
            checked["client"] = self.client_id
            transaction.on_commit(partial(live.publish, live.DESK, "preflight.checked", checked), robust=True)


def said(findings: Findings) -> set[tuple[str, str]]:
    return {(finding["check"], finding["sentence"]) for finding in findings}


def told(findings: Sequence[dict[str, str]]) -> str:
    return " ".join(f"{finding['sentence']} {finding['to_do']}" for finding in findings)
