"""The one vocabulary of notices: every kind that `announce` takes, with its words for people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    name: str
    """What it is about, a dot, and what happened: `publication.failed`."""
    label: str
    worth: bool = False
    """People want to know it without asking: it counts as unread, and subscriptions take it unless told otherwise."""
    personal: bool = False
    """Worth it for those alone whom it is meant for."""

    @property
    def group(self) -> str:
        return self.name.partition(".")[0]


KINDS = (
    Kind("draft.written", "A draft was written"),
    Kind("draft.submitted", "A draft was submitted for review", worth=True),
    Kind("draft.edited", "A draft was edited"),
    Kind("draft.agreed", "The first of two people approved a draft", worth=True),
    Kind("draft.approved", "A draft was approved"),
    Kind("draft.approved_by_client", "A client approved a draft", worth=True),
    Kind("draft.rejected", "A draft was rejected", personal=True),
    Kind("draft.skipped", "A draft was skipped", personal=True),
    Kind("draft.reopened", "A draft was reopened"),
    Kind("draft.withdrawn", "A draft was taken back from review", personal=True),
    Kind("draft.commented", "A client commented on a draft", worth=True),
    Kind("review.stale", "A draft waits too long for its review", worth=True),
    Kind("publication.scheduled", "A post got a time"),
    Kind("publication.cancelled", "A post was cancelled"),
    Kind("publication.publishing", "A post is being published"),
    Kind("publication.published", "A post went out", worth=True),
    Kind("publication.delayed", "A post is tried again later"),
    Kind("publication.failed", "A post failed", worth=True),
    Kind("publication.unconfirmed", "Nobody knows whether a post is live", worth=True),
    Kind("publication.unidentified", "Nobody knows which post a publication is", worth=True),
    Kind("publication.identified", "It is known which post a publication is"),
    Kind("publication.missed", "A post missed its time", worth=True),
    Kind("publication.handoff", "A post waits to be posted by hand", worth=True),
    Kind("publication.recovered", "A post is marked as taken down"),
    Kind("publication.held", "A post looks like one that was taken down", worth=True),
    Kind("publication.left_over", "Something prepared may be left on an account", worth=True),
    Kind("publication.released", "A post that looked like one taken down was released"),
    Kind("preflight.finding", "A planned post would fail", worth=True),
    Kind("preflight.mended", "A planned post would no longer fail"),
    Kind("post.vanished", "A post is no longer there", worth=True),
    Kind("post.differs", "A post is not as it was approved", worth=True),
    Kind("recovery.requested", "Somebody asked to take a post down", worth=True),
    Kind("recovery.waiting", "A take-down waits for the platform"),
    Kind("recovery.completed", "A post is taken down and proved gone", worth=True),
    Kind("recovery.failed", "A take-down failed", worth=True),
    Kind("recovery.manual_needed", "A person must remove a post", worth=True),
    Kind("recovery.returned", "A post that was proved gone is public again", worth=True),
    Kind("recovery.dismissed", "A take-down was dismissed"),
    Kind("emergency.started", "Everything since a time is being taken down", worth=True),
    Kind("emergency.finished", "An emergency has ended", worth=True),
    Kind("account.connected", "An account was connected"),
    Kind("account.moved", "An account moved to another client", worth=True),
    Kind("account.needs_reconnect", "An account must be reconnected", worth=True),
    Kind("account.throttled", "A platform asks for quiet"),
    Kind("app.throttled", "A platform asks the whole app for quiet"),
    Kind("account.looked_at", "A person has looked at an account after a restored backup"),
    Kind("account.direct", "An account publishes in one step"),
    Kind("account.expiring", "A token expires soon", worth=True),
    Kind("pause.started", "Publishing was paused", worth=True),
    Kind("pause.lifted", "Publishing was resumed", worth=True),
    Kind("subscription.broken", "A channel for notices is broken", worth=True),
    Kind("desk.restored", "Sophia was restored from a backup", worth=True),
    Kind("token.made", "An API token was made", worth=True),
    Kind("token.ending", "An API token ends soon", worth=True),
    Kind("token.revoked", "An API token was revoked", worth=True),
    Kind("history.head", "How far the history of a client has come, once a day"),
    Kind("health.finding", "Sophia itself is not as it should be", worth=True),
    Kind("health.mended", "Something about Sophia is in order again"),
)
BY_NAME = {kind.name: kind for kind in KINDS}
WORTH = frozenset(kind.name for kind in KINDS if kind.worth)
PERSONAL = frozenset(kind.name for kind in KINDS if kind.personal)
