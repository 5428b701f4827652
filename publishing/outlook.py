"""When a post goes out, as a sentence, asked of the gates: the time in its row is only when it is meant to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db.models import prefetch_related_objects

from publishing import budget, gates
from publishing.models import Pause, Publication, SocialAccount
from publishing.models.states import Mode, State

if TYPE_CHECKING:
    from publishing.models.flight import Flight

AT_ONCE = timedelta(seconds=10)
"""How long what is approved for now waits, so that it can be taken back."""
SOON = timedelta(minutes=1)
OF_ACCOUNT = [gate for gate in gates.GATES if gate.of_account]
ASKED = [gate for gate in gates.GATES if (gate.in_lists or gate.name == "Lateness") and gate.name != "Worker"]
OTHERWISE = {
    State.PUBLISHING: "It is going out now.",
    State.UNCONFIRMED: "It may be out already: Sophia is looking for it.",
    State.FAILED: "It did not go out.",
    State.MISSED: "It did not go out: its time was missed, and somebody has to choose another one.",
    State.HANDOFF: "It is time for a person to post it by hand.",
    State.CANCELLED: "It does not go out: it was cancelled.",
    State.RECOVERED: "It was taken down.",
}


@dataclass(frozen=True)
class Wish:
    """A post that is not approved yet, as far as the gates of its account ask about one."""

    account: SocialAccount
    publish_at: datetime
    pictures: Any
    pk: int = 0
    mode: str = Mode.AUTO
    state: str = State.QUEUED
    reference: None = None

    @property
    def account_id(self) -> int:
        return self.account.pk


Post = Publication | Wish


@dataclass(frozen=True)
class Outlook:
    """`held`: why it does not go out at `at`, or nothing. `until`: when that ends, where it is known."""

    account: SocialAccount
    at: datetime
    asked_at: datetime
    manual: bool = False
    held: str = ""
    until: datetime | None = None
    stopped: bool = False

    @property
    def sentence(self) -> str:
        if not self.held:
            return self.plain
        if self.stopped:
            return f"It does not go out. {self.held}"
        if self.until:
            return f"It goes out {self.account.clock(self.until)} at the earliest. {self.held}"
        return f"It is held, and goes out only when that ends. {self.held}"

    @property
    def plain(self) -> str:
        if self.manual:
            return f"A person posts it by hand, {self.account.clock(self.at)}."
        if self.at <= self.asked_at:
            return "It goes out now."
        if self.at <= self.asked_at + AT_ONCE:
            return f"It goes out in {AT_ONCE.seconds} seconds."
        return f"It goes out {self.account.clock(self.at)}."

    @property
    def for_the_client(self) -> str:
        """Why it is held is the agency's business."""
        return "It is held for now: your agency says when it goes out." if self.held else self.plain


def said(publication: Publication, now: datetime, *, to_client: bool = False) -> str:
    """What becomes of it, in whatever state it is."""
    return said_of([publication], now, to_client=to_client)[0]


def said_of(publications: Sequence[Publication], now: datetime, *, to_client: bool = False) -> list[str]:
    """Of each what `said` says, in as many queries as of one."""
    queued = [publication for publication in publications if publication.state == State.QUEUED]
    outlooks = dict(zip((row.pk for row in queued), ahead(queued, now) if queued else [], strict=True))
    return [spoken(publication, outlooks.get(publication.pk), to_client) for publication in publications]


def spoken(publication: Publication, found: Outlook | None, to_client: bool) -> str:
    if found:
        return found.for_the_client if to_client else found.sentence
    if publication.published_at and publication.is_live:
        return f"It went out {publication.account.clock(publication.published_at)}."
    return OTHERWISE[State(publication.state)]


def obstacle(publication: Publication, now: datetime) -> str:
    """Why it does not go out at its time, or nothing."""
    found = ahead([publication], now)[0] if publication.state == State.QUEUED else None
    return found.sentence if found and found.held else ""


def ahead(posts: Sequence[Post], now: datetime) -> list[Outlook]:
    """Of posts that wait, or would. What concerns a whole account is asked once."""
    question = asked_once(posts, now)
    prefetch_related_objects([post for post in posts if isinstance(post, Publication)], "lookalikes__recovery")
    known: dict[Any, gates.Verdict] = {}
    return [outlook(post, question, known) for post in posts]


def asked_once(posts: Sequence[Post], now: datetime) -> gates.Question:
    accounts = list({post.account.pk: post.account for post in posts}.values())
    return gates.Question(
        now,
        pauses=list(Pause.objects.in_force().select_related("started_by", "client", "account")),
        ample=budget.ample(accounts, now),
        unread={row.account_id: row for row in gates.unread()},
    )


def outlook(post: Post, question: gates.Question, known: dict[Any, gates.Verdict]) -> Outlook:
    closed = first_that_holds(post, question, known)
    because = whole(closed.because) if closed else ""
    until = closed.until if isinstance(closed, gates.Hold) else None
    manual, stopped = post.mode == Mode.MANUAL, isinstance(closed, gates.Stop)
    return Outlook(post.account, post.publish_at, question.now, manual, because, until, stopped)


def first_that_holds(
    post: Post, question: gates.Question, known: dict[Any, gates.Verdict]
) -> gates.Hold | gates.Stop | None:
    for gate in ASKED if isinstance(post, Publication) else OF_ACCOUNT:
        key = (gate, post.account.pk, post.mode) if gate.of_account else (gate, post.pk)
        if key not in known:
            known[key] = gate.ask(cast("Flight", post), question)
        if not isinstance(verdict := known[key], gates.Go) and binds(gate, verdict, post.publish_at, question.now):
            return verdict
    return None


def binds(gate: gates.Gate, verdict: gates.Hold | gates.Stop, at: datetime, now: datetime) -> bool:
    """Still at that time, as far as anybody knows today."""
    if isinstance(verdict, gates.Stop):
        return True
    if verdict.until:
        return verdict.until > max(at, now)
    return gate.lasting or at <= now + SOON


def whole(because: str) -> str:
    """As a sentence of its own."""
    begun = because[:1].upper() + because[1:]
    return begun if begun.endswith((".", "!", "?", "”")) else f"{begun}."
