"""Carrying a recovery out, in short steps: remove, look, look again. Each is claimed, and each leaves its evidence."""

import logging
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from publishing import evidence
from publishing.models.stages import OPEN, PROOF, Stage, Staged, watch_gap
from publishing.platforms.base import Kind, MustGoByHand, Platform, PlatformError, Sight
from publishing.platforms.errors import is_absence
from sophia.refusals import Refused

log = logging.getLogger(__name__)

BETWEEN_PROOFS = (timedelta(seconds=2), timedelta(seconds=5))
LINGERING = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8))
"""How long a post that the platform has deleted may still be shown, before that counts as a failure."""
STUBBORN = 2
"""Repeats of a refusal that may be a whim of the platform, before a person is sent."""


class Removing(Staged):
    """The part of Recovery that moves by itself. No verb here takes `by`: workers decide nothing."""

    class Meta:
        abstract = True

    def execute(self) -> None:
        """The next step, if it is time and nobody else is at it. Alarms may be late, early or doubled."""
        if not self.claim():
            return
        platform = None
        try:
            post_id = self.known_post_id()
            with self.publication.account.reaching(self.publication) as platform:
                sight, left = self.step(platform, post_id)
        except MustGoByHand as refused:
            self.finish(platform, self.take_refusal, refused)
        except PlatformError as error:
            self.finish(platform, self.take_failure, error)
        except Refused as unknown:
            self.finish(platform, self.leave_to_a_person, str(unknown))
        else:
            self.finish(platform, self.take_look, sight, left)

    def claim(self) -> bool:
        """Until its lease runs out. Then another worker follows: deleting and looking again is safe."""
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if self.state not in OPEN or self.next_at is None or self.next_at > now:
                return False
            if self.state != Stage.MANUAL:
                self.begin()
            self.claim_token = uuid.uuid4()
            self.claimed_until = self.next_at = now + settings.SOPHIA_LEASE
            self.save(update_fields=["claim_token", "claimed_until", "next_at"])
            return True

    def known_post_id(self) -> str:
        """Never a guess by words and time: that could take down somebody else's post."""
        if not self.publication.post_id:
            raise Refused("Sophia does not know the platform's id of this post, and cannot look for it.")
        return self.publication.post_id

    def step(self, platform: Platform, post_id: str) -> tuple[Sight, list[dict[str, str]]]:
        """What it showed, and the photos that are left where that was the last look."""
        if self.state == Stage.EXECUTING and not self.looks:
            return platform.remove(post_id), []
        if self.gone_looks + 1 < PROOF:
            return Sight.LIVE if platform.is_readable(post_id) else Sight.GONE, []
        if not platform.is_gone(post_id):
            return Sight.LIVE, []
        return Sight.GONE, self.remove_pieces(platform)

    def remove_pieces(self, platform: Platform) -> list[dict[str, str]]:
        """The photos, once the post is proved gone. Returns those that the platform will not delete."""
        left = []
        for piece in platform.pieces(self.publication.proved_reference()):
            try:
                platform.remove_piece(piece)
            except PlatformError as refused:
                if not self.gives_up_on_photos(refused):
                    raise
                left.append({"id": piece, "link": platform.piece_link(piece), "because": str(refused)})
        return left

    def gives_up_on_photos(self, refused: PlatformError) -> bool:
        """A photo that fails for ever does not keep a post open that was gone long ago. It is told of instead."""
        if isinstance(refused, MustGoByHand):
            return True
        patience = sum(settings.SOPHIA_REMOVE_AGAIN, timedelta())
        gone_since = self.seen_gone_at or timezone.now()
        return refused.kind is Kind.RETRY and timezone.now() >= gone_since + patience

    def finish(self, platform: Platform | None, verb: Any, *what: Any) -> None:
        """Write down what was seen, and go where it leads: not if the claim was lost meanwhile."""
        token = self.claim_token
        with transaction.atomic():
            self.publication.lock()
            self.lock()
            if platform:
                self.keep(platform)
            if self.claim_token != token or self.state not in {Stage.EXECUTING, Stage.MANUAL}:
                log.warning("%s was taken over while a worker was at it.", self)
                return
            verb(*what)
            if self.state == Stage.COMPLETED:
                self.publication.mark_recovered()

    def keep(self, platform: Platform) -> None:
        """The evidence. A post that was seen live has not been gone for good."""
        self.evidence = evidence.bounded([*self.evidence, *(call.as_json() for call in platform.calls)])
        self.deleted_at = platform.deleted_at or self.deleted_at
        if platform.seen_live_at and self.state != Stage.COMPLETED:
            self.last_live_at = platform.seen_live_at
            self.seen_gone_at, self.gone_looks = None, 0
        self.save(update_fields=["evidence", "deleted_at", "last_live_at", "seen_gone_at", "gone_looks"])

    def take_look(self, sight: Sight, left: Sequence[dict[str, str]] = (), because: str = "") -> None:
        now = timezone.now()
        self.looks += 1
        if sight == Sight.GONE:
            self.gone_looks += 1
            self.seen_gone_at = self.seen_gone_at or now
        self.save(update_fields=["looks", "gone_looks", "seen_gone_at"])
        if self.gone_looks >= PROOF:
            self.complete(left)
        elif sight == Sight.GONE:
            self.go_on_at(now + BETWEEN_PROOFS[self.gone_looks - 1])
        elif self.state == Stage.MANUAL:
            self.go_on_at(now + watch_gap(self.looks))
        elif self.looks <= len(LINGERING):
            self.go_on_at(now + LINGERING[self.looks - 1])
        else:
            self.fail(because or self.still_there())

    def still_there(self) -> str:
        where = self.publication.account.get_platform_display()
        if not self.deleted_at:
            return f"{where} showed the post as gone, and shows it again."
        return f"{where} says that it deleted the post, but the post is still there."

    def take_refusal(self, refused: MustGoByHand) -> None:
        """A post that was deleted a moment ago and is refused as unknown is no post of another app: reading lags."""
        if self.deleted_at and is_absence(refused):
            self.fail(self.still_there())
        elif refused.kind is Kind.RETRY and self.tries < STUBBORN:
            self.fail(str(refused), again=settings.SOPHIA_REMOVE_AGAIN[0])
        else:
            self.leave_to_a_person(str(refused))

    def take_failure(self, error: PlatformError) -> None:
        """What follows from each class of failure (platforms.md, C3)."""
        if error.kind is Kind.WAIT:
            self.wait(error)
        elif error.kind is Kind.AUTH:
            self.disconnect(str(error))
        elif self.looks or self.state == Stage.MANUAL:
            self.take_look(Sight.UNCLEAR, because=str(error))
        else:
            self.fail(str(error))

    def wait(self, error: PlatformError) -> None:
        """The platform must not be called now."""
        now = timezone.now()
        until = self.publication.account.throttled_after(now) or now + (error.wait or LINGERING[-1])
        if self.state == Stage.EXECUTING:
            self.postpone(str(error), until)
        else:
            self.go_on_at(until)

    def disconnect(self, because: str) -> None:
        """A person must connect the account again. That starts it again by itself."""
        self.publication.account.hold(because)
        if self.state == Stage.EXECUTING:
            self.await_connection(because)
        else:
            self.go_on_at(timezone.now() + settings.SOPHIA_LOOK_AFTER[-1])
