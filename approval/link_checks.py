"""What was found when somebody looked whether the link of a draft answers."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from approval import links
from sophia import live
from sophia.alarms import set_alarm

if TYPE_CHECKING:
    from approval.models import Draft


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def ask(self, draft: "Draft") -> None:
        """Have a worker look, in the caller's transaction. A page never waits for somebody else's server."""
        if not draft.link or not settings.SOPHIA_CHECK_LINKS:
            return
        now = timezone.now()
        asked = {"link": draft.link, "asked_at": now, "looked_at": None, "problem": ""}
        check, _ = self.update_or_create(draft=draft, defaults=asked)
        set_alarm("approval.tasks.check_link", check.pk, at=now)


class LinkCheck(models.Model):
    draft = models.OneToOneField("approval.Draft", models.CASCADE, related_name="link_check")
    link = models.URLField(max_length=2000)
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True, help_text="Why a reader would not get to the page.")

    objects = LinkCheckQuerySet.as_manager()

    def __str__(self) -> str:
        return self.link

    def look(self) -> None:
        """What is found about a link that was changed meanwhile is of no use."""
        problem = links.problem_with(self.link)
        unchanged = type(self).objects.filter(pk=self.pk, link=self.link)
        if unchanged.update(looked_at=timezone.now(), problem=problem):
            told = {"draft": self.draft_id, "client": self.draft.client_id}
            live.publish(live.DESK, "link.checked", told)
