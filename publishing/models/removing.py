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
from publishing.models.stages import AT_MOST, OPEN, PROOF, Stage, Staged, watch_gap
from publishing.platforms.base import Absence, Kind, MustGoByHand, Platform, PlatformError, Sight
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
            # What holds publishing does not hold this: deleting may be allowed all the same.
            with self.publication.account.reaching(self.publication, even_throttled=True) as platform:
                seen, left = self.step(platform, post_id)
        except MustGoByHand as refused:
            self.finish(platform, self.take_refusal, refused)
        except PlatformError as error:
            self.finish(platform, self.take_failure, error)
        except Refused as unknown:
            self.finish(platform, self.leave_to_a_person, str(unknown))
        else:
            self.finish(platform, self.take_look, seen, left)

    def claim(self) -> bool:
        """Until its lease runs out. Then another worker follows: deleting and looking again is safe."""
        with transaction.atomic():
            self.lock()
            now = timezone.now()
            if self.state not in OPEN or self.next_at is None or self.next_at > now:
                return False
            if not self.publication.is_live:
                self.wait_until_out()
                return False
            if self.state != Stage.MANUAL:
                self.begin()
            self.claim_token = uuid.uuid4()
            self.claimed_until = self.next_at = now + settings.SOPHIA_LEASE
            self.save(update_fields=["claim_token", "claimed_until", "next_at"])
            return True

    def known_post_id(self) -> str:
        """Never a guess by words and time: that could take down somebody else's post."""
        publication = self.publication
        if not publication.post_id:
            raise Refused("Sophia does not know which post it is, and deletes none on a guess. Say on its page which.")
        if not publication.identity_is_proved:
            said = "Sophia found this post by its words alone, and deletes none on a guess."
            raise Refused(f"{said} Look at it, and say on its page whether it is ours: {publication.whereabouts()}")
        return publication.post_id

    def wait_until_out(self) -> None:
        """It is on its way, or nobody knows. `Publication.begin_watch` sets it going."""
        self.next_at = None
        self.save(update_fields=["next_at"])

    def step(self, platform: Platform, post_id: str) -> tuple[Absence, list[dict[str, str]]]:
        """What it showed, and the photos that are left where that was the last look."""
        if self.state == Stage.EXECUTING and not self.looks:
            return Absence(platform.remove(post_id)), []
        if self.gone_looks + 1 < PROOF:
            return Absence(Sight.LIVE if platform.is_readable(post_id) else Sight.GONE), []
        seen = platform.prove_gone(post_id, self.publication.controls())
        proved = seen.sight is Sight.GONE and not self.doubt(seen)
        return seen, self.remove_pieces(platform) if proved else []

    def doubt(self, seen: Absence) -> str:
        """Why what cannot be read is not proved gone. What another token saw counts for nothing, and neither does a
        deletion after which it was seen live."""
        since = self.publication.account.token_since
        deleted = self.deleted_at is not None and (self.last_live_at is None or self.last_live_at <= self.deleted_at)
        seen_here = self.last_live_at is not None and self.last_live_at >= since
        known = seen_here or self.publication.was_seen_since(since)
        return seen.doubt(deleted=deleted, seen=known, watched=deleted and seen_here and self.was_seen_before_deletion)

    @property
    def was_seen_before_deletion(self) -> bool:
        """Right before: in the same run."""
        if self.deleted_at is None or self.last_live_at is None:
            return False
        return self.deleted_at - self.last_live_at <= settings.SOPHIA_LEASE

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
            if not self.holds(token):
                log.warning("%s was taken over while a worker was at it.", self)
                return
            verb(*what)
            if self.state == Stage.COMPLETED:
                self.publication.mark_recovered()

    def holds(self, token: uuid.UUID | None) -> bool:
        """The claim with this token has not been lost, nor run out."""
        lasts = self.claimed_until is not None and self.claimed_until > timezone.now()
        return lasts and self.claim_token == token and self.state in {Stage.EXECUTING, Stage.MANUAL}

    def keep(self, platform: Platform) -> None:
        """The evidence. A post that was seen live has not been gone for good."""
        self.evidence = evidence.bounded([*self.evidence, *(call.as_json() for call in platform.calls)])
        self.deleted_at = platform.deleted_at or self.deleted_at
        if platform.seen_live_at and self.state != Stage.COMPLETED:
            self.last_live_at = platform.seen_live_at
            self.seen_gone_at, self.gone_looks = None, 0
        self.save(update_fields=["evidence", "deleted_at", "last_live_at", "seen_gone_at", "gone_looks"])

    def take_look(self, seen: Absence, left: Sequence[dict[str, str]] = (), because: str = "") -> None:
        now = timezone.now()
        self.looks += 1
        if seen.sight is Sight.GONE:
            self.gone_looks += 1
            self.seen_gone_at = self.seen_gone_at or now
        self.save(update_fields=["looks", "gone_looks", "seen_gone_at"])
        if self.gone_looks >= PROOF:
            self.conclude(seen, left)
        elif seen.sight is Sight.GONE:
            self.go_on_at(now + BETWEEN_PROOFS[self.gone_looks - 1])
        elif seen.sight is Sight.LIVE and self.unproved:
            self.resume()  # It was hidden, and is there: it is removed once more.
        elif self.state == Stage.MANUAL:
            self.go_on_at(now + watch_gap(self.looks))
        elif self.looks <= len(LINGERING):
            self.go_on_at(now + LINGERING[self.looks - 1])
        else:
            self.fail(because or self.still_there())

    def conclude(self, seen: Absence, left: Sequence[dict[str, str]]) -> None:
        doubt, late = self.doubt(seen), self.looks - PROOF
        if not doubt:
            self.complete(seen.control or self.publication.post_id, left)
        elif self.state == Stage.EXECUTING and late < len(LINGERING):  # Lists lag, and others come down as well.
            self.gone_looks = PROOF - 1
            self.save(update_fields=["gone_looks"])
            self.go_on_at(timezone.now() + LINGERING[late])
        else:
            self.leave_unproved(doubt)

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
            self.take_look(Absence(Sight.UNCLEAR), because=str(error))
        else:
            self.fail(str(error))

    def wait(self, error: PlatformError) -> None:
        """The platform does not want to be called for this now."""
        until = timezone.now() + min(error.wait or LINGERING[-1], AT_MOST)
        if self.state == Stage.EXECUTING:
            self.postpone(str(error), until)
        else:
            self.go_on_at(until)

    def disconnect(self, because: str) -> None:
        self.publication.account.hold(because)
        if self.state == Stage.EXECUTING:
            self.await_connection(because)
        else:
            self.go_on_at(timezone.now() + settings.SOPHIA_LOOK_AFTER[-1])
