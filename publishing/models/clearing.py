"""Removing what was prepared and will not go out, and looking for what nobody knows of, until nothing is left."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from publishing.models.states import State
from publishing.models.step import Step
from publishing.platforms.base import Kind, Platform, PlatformError, Sought

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from publishing.models.publication import Publication
    from publishing.models.step import StepQuerySet

    class StepManager(RelatedManager[Step], StepQuerySet): ...  # type: ignore[misc]


log = logging.getLogger(__name__)

AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360, 1440))
"""When it is tried again. After the last of them a person is told."""
LOOKS = 3
"""Looks in vain after which nothing was made, where a list would show it; where none would, a person is asked."""


class Clearing(models.Model):
    """The part of Preparation that tidies up. It reads before it deletes, and touches nothing that is public."""

    next_at = models.DateTimeField(null=True, blank=True, help_text="When to clear away next. Empty: nothing is left.")
    tries = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When a person was asked to look.")
    problem = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        publication: Publication

        @property
        def steps(self) -> StepManager: ...
        @property
        def sought(self) -> frozenset[str]: ...
        def leave(self) -> None: ...

    def first_turn(self, now: datetime) -> datetime:
        """Lists lag: what was lost a moment ago is looked for a little later."""
        return now + AGAIN[0] if self.steps.lost().exists() else now

    def clear(self) -> None:
        """One turn, if it is time to and nobody else is at it."""
        if not self.take_turn():
            return
        try:
            with self.publication.account.reaching(self.publication) as platform:
                self.seek_lost(platform)
                if not self.told_at:
                    self.remove_left_over(platform)
        except PlatformError as error:
            self.put_off(error)
        else:
            self.go_on()

    def take_turn(self) -> bool:
        """A worker that dies at it is followed by another, one lease later."""
        now = timezone.now()
        mine = type(self)._base_manager.filter(pk=self.pk, next_at__lte=now)
        taken = bool(mine.update(next_at=now + settings.SOPHIA_LEASE))
        self.refresh_from_db()
        return taken

    def seek_lost(self, platform: Platform) -> None:
        for step in self.steps.lost():
            if not self.told_at:
                self.seek(step, platform)

    def seek(self, step: Step, platform: Platform) -> None:
        photos = [made.external_id for made in self.steps.made() if made.is_ours]
        sought = platform.seek(self.publication.outline(), step.intended_at, photos, self.witnesses())
        if sought.found and self.others_are_made():
            return  # One of them may be the post that another worker is about to write down.
        found = [external_id for external_id in sought.found if not self.knows(external_id)]
        gone = [external_id for external_id in found if self.discard(platform, step.name, external_id)]
        if gone:
            step.note(settled_at=timezone.now(), removed_at=timezone.now())
        else:
            self.found_nothing(step, sought)

    def discard(self, platform: Platform, name: str, external_id: str) -> bool:
        return platform.discard(name, external_id, self.publication.controls())

    def witnesses(self) -> list[str]:
        """Posts that this app has certainly made."""
        ours = self.publication.account.publications.filter(
            state=State.PUBLISHED, attempts__outcome="published", attempts__way__in=["two_step", "direct"]
        )
        return list(ours.exclude(post_id="").order_by("-published_at").values_list("post_id", flat=True)[:3])

    def others_are_made(self) -> bool:
        of_account = Step.objects.filter(preparation__publication__account=self.publication.account_id)
        return of_account.underway(timezone.now() - settings.SOPHIA_LEASE).exists()

    def knows(self, external_id: str) -> bool:
        """Whether it is a post of ours that is accounted for."""
        account = self.publication.account
        steps = Step.objects.filter(preparation__publication__account=account, external_id=external_id)
        return steps.exists() or account.publications.filter(post_id=external_id).exists()

    def found_nothing(self, step: Step, sought: Sought) -> None:
        """What says the same, and is not accounted for, may be it."""
        step.look_in_vain()
        if step.looks < LOOKS:
            return
        unproved = [external_id for external_id in sought.alike if not self.knows(external_id)]
        if sought.lists and not unproved:
            step.note(settled_at=timezone.now())
            return
        seen = "cannot see whether it is there."
        if unproved:
            seen = f"cannot prove that {' and '.join(unproved)} is it: nobody sees it yet, and it says the same."
        self.tell(f"{platform_of(self)} did not answer when it was made, and Sophia {seen}")

    def remove_left_over(self, platform: Platform) -> None:
        """Posts first. What they would show stays while one of them is not found."""
        kept_back = self.steps.lost().exists()
        for step in sorted(self.steps.left_over(), key=lambda step: step.name not in self.sought):
            if not step.is_ours:
                step.note(settled_at=timezone.now())
                log.error("%s has a seal that does not fit. It is not removed.", step)
            elif kept_back and step.name not in self.sought:
                continue
            elif not self.remove(step, platform):
                return

    def remove(self, step: Step, platform: Platform) -> bool:
        if self.discard(platform, step.name, step.external_id):
            step.note(removed_at=timezone.now())
            return True
        step.note(settled_at=timezone.now())
        self.leave()
        said = "is public, or a post shows it that Sophia does not know: somebody may have published it by hand."
        self.tell(f"What was prepared on {platform_of(self)} {said}")
        return False

    def put_off(self, error: PlatformError) -> None:
        """A throttle is the account's, and no try."""
        if error.throttles and not self.told_at:
            self.come_again(error.wait or AGAIN[0])
            return
        if error.kind is Kind.AUTH:
            self.publication.account.hold(str(error))
        self.try_again(str(error))

    def go_on(self) -> None:
        if self.steps.left_over().exists() or self.steps.lost().exists():
            self.try_again(f"Something of it may be left on {platform_of(self)}.")
        else:
            self.next_at = None
            self.save(update_fields=["next_at"])

    def try_again(self, because: str) -> None:
        if self.told_at:
            return
        self.tries += 1
        if self.tries > len(AGAIN):
            self.tell(because)
        else:
            self.come_again(AGAIN[self.tries - 1])

    def come_again(self, wait: timedelta) -> None:
        self.next_at = timezone.now() + wait
        self.save(update_fields=["next_at", "tries"])

    def tell(self, because: str) -> None:
        """A person looks, once. From then on nothing of it is touched."""
        if self.told_at:
            return
        publication = self.publication
        with transaction.atomic():
            self.ask(because)
            said = f"Something prepared for {publication} may be left on {publication.account}. {because}"
            publication.say("publication.left_over", f"{said} Look at it, and say when it is done.")

    def ask(self, because: str) -> None:
        """Its page asks a person to look. The caller tells."""
        self.next_at, self.told_at, self.problem = None, timezone.now(), because
        self.save(update_fields=["next_at", "told_at", "problem", "tries"])


def platform_of(preparation: Clearing) -> str:
    return preparation.publication.account.get_platform_display()
