"""May this publication go out now? One ordered list of checks, asked by the claim and shown to people."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet, prefetch_related_objects

from publishing import budget, slots
from publishing.models import heads
from publishing.models.pause import Pause
from publishing.models.states import State
from publishing.platforms import likeness
from sophia import media as folder

if TYPE_CHECKING:
    from publishing.models.flight import Flight
    from publishing.models.restoring import Relook


@dataclass(frozen=True)
class Go:
    """Nothing in the way."""


@dataclass(frozen=True)
class Hold:
    """Not now. It stays queued and is asked again, at `until` where that moment is known."""

    because: str
    until: datetime | None = None


@dataclass(frozen=True)
class Stop:
    """Not any more. `how` is the publication's transition that records it."""

    because: str
    how: str


Verdict = Go | Hold | Stop


@dataclass(frozen=True)
class Question:
    """When, and what is left out of account: pauses that somebody is about to lift, bytes that were just proved."""

    now: datetime
    without: Collection[Pause] = ()
    bytes_proved: bool = False
    pauses: Collection[Pause] | None = None
    """Those in force, where they were read once for a list."""
    out: slots.Diary | None = None
    ample: Collection[int] = ()
    """Accounts that surely have room, and what of theirs is out, likewise."""
    unread: "Mapping[int, Relook] | None" = None
    """The accounts that must be read first, by their number, where they were read once for a list."""


@dataclass(frozen=True)
class Gate:
    name: str
    ask: Callable[["Flight", Question], Verdict]
    of_account: bool = False
    """The same for everything on the account, so that a list asks it once."""
    lasting: bool = False
    """Holds also what is not due yet."""
    foreseen: bool = False
    """Tells something about the future, so that the plan of lifting a pause asks it."""
    in_lists: bool = True
    """Off: it reads images, or can only stop. The page of one publication shows it."""


def once(publication: "Flight", question: Question) -> Verdict:
    return Stop("It has been published before. Nothing was sent.", "stop") if publication.has_been_out else Go()


def takedown(publication: "Flight", question: Question) -> Verdict:
    """Asked for while it was on its way, and it turned out not to be public."""
    wish = publication.takedown
    if wish is None:
        return Go()
    said = publication.takedown_wish()
    if wish.executed_by_id is None or publication.is_suspected:
        return Hold(f"{said} Decide about that first.")
    return Stop(said, "give_way")


def seal(publication: "Flight", question: Question) -> Verdict:
    damage = publication.damage(bytes_too=not question.bytes_proved)
    if not damage:
        return Go()
    away = folder.problem()
    return Hold(away) if away else Stop(f"Changed since approval: {damage}", "stop")


def history(publication: "Flight", question: Question) -> Verdict:
    """Whether this approval still stands and was never used, by lines that nobody without the key can write."""
    if fault := publication.history_fault():
        return Stop(f"Changed behind Sophia's back: {fault}. Nothing was sent.", "stop")
    lost = publication.lost_history()
    return Hold(f"Changed behind Sophia's back: {lost}. {heads.TO_DO}") if lost else Go()


def pause(publication: "Flight", question: Question) -> Verdict:
    lifted = [paused.pk for paused in question.without]
    if question.pauses is None:
        rows = Pause.objects.holding(publication.account).exclude(pk__in=lifted)
        holding = rows.select_related("started_by", "client", "account").first()
    else:
        holding = next((row for row in question.pauses if row.holds(publication.account)), None)
    return Hold(f"{holding.scope} is paused by {holding.started_by}: {holding.reason}") if holding else Go()


def lookalike(publication: "Flight", question: Question) -> Verdict:
    row = publication.held_as
    return Hold(f"{row.likeness}, which was taken down. Release it or cancel it.") if row else Go()


def account_health(publication: "Flight", question: Question) -> Verdict:
    account = publication.account
    return Go() if account.is_healthy else Hold(f"{account} must be reconnected: {account.needs_reconnect_because}")


def restored(publication: "Flight", question: Question) -> Verdict:
    if question.unread is None:
        waiting = unread().filter(account=publication.account_id).first()
    else:
        waiting = question.unread.get(publication.account_id)
    return Hold(waiting.sentence) if waiting else Go()


def unread() -> "QuerySet[Relook]":
    """Accounts after a restored backup. Their models stand above this."""
    rows = apps.get_model("publishing.Relook").objects.waiting()
    return rows.select_related("point", "account__client").order_by("pk")


def forgotten(publication: "Flight", question: Question) -> Verdict:
    """A post that no publication knows reads like this one, and nobody has decided about that."""
    if publication.suspected_at and not publication.is_suspected:
        return Go()
    unknown = list(publication.account.gap_posts.filter(publication=None))
    words = publication.outline().message if unknown else ""
    for post in unknown:
        if likeness.same(post.message, words):
            said = f"A post that reads the same went out after the backup that was restored: {post}"
            return Stop(f"{said} Send it again only if it may be there twice.", "suspect")
    return Go()


def lateness(publication: "Flight", question: Question) -> Verdict:
    """Counted from the time that a person chose, not from the next try."""
    limit = publication.account.client.lateness_limit
    if question.now - publication.slot_at <= limit:
        return Go()
    return Stop(f"Its time passed by more than {limit.total_seconds() / 60:g} minutes.", "miss")


def cadence(publication: "Flight", question: Question) -> Verdict:
    """Against what is out already. What merely waits may not block each other."""
    held = slots.held_until(publication, max(question.now, publication.publish_at), question.out)
    return Hold(*held) if held else Go()


def rate_budget(publication: "Flight", question: Question) -> Verdict:
    if publication.account_id in question.ample:
        return Go()
    room = budget.room(publication.account, question.now, publication)
    return Go() if room.free else Hold(room.because, room.until)


def media(publication: "Flight", question: Question) -> Verdict:
    problems = publication.problems()
    return Stop(" ".join(problems), "stop") if problems else Go()


def worker(publication: "Flight", question: Question) -> Verdict:
    until = publication.claimed_until
    busy = publication.state == State.QUEUED and until is not None and until > question.now
    return Hold("A worker is preparing it.", until) if busy else Go()


GATES: tuple[Gate, ...] = (
    Gate("Published before", once, in_lists=False),
    Gate("Take-down", takedown, in_lists=False),
    Gate("Approval seal", seal, in_lists=False),
    Gate("History", history, in_lists=False),
    Gate("Pause", pause, of_account=True, lasting=True, foreseen=True),
    Gate("Lookalike", lookalike, lasting=True, foreseen=True),
    Gate("Account", account_health, of_account=True, lasting=True, foreseen=True),
    Gate("Restored", restored, of_account=True, lasting=True, foreseen=True),
    Gate("Forgotten", forgotten, in_lists=False),
    Gate("Lateness", lateness, foreseen=True, in_lists=False),
    Gate("Cadence", cadence),
    Gate("Rate budget", rate_budget, of_account=True),
    Gate("Media", media, in_lists=False),
    Gate("Worker", worker),
)


def verdicts(publication: "Flight", now: datetime) -> list[tuple[Gate, Verdict]]:
    """Every gate's answer, in order."""
    question = Question(now)
    return [(gate, gate.ask(publication, question)) for gate in GATES]


FORESEEN = tuple(gate for gate in GATES if gate.foreseen)


def first_closed(
    publication: "Flight",
    now: datetime,
    *,
    without: Collection[Pause] = (),
    bytes_proved: bool = False,
    asked: Sequence[Gate] = GATES,
) -> Hold | Stop | None:
    """The first gate that holds or stops it. None: it may go out now."""
    return first_of(asked, publication, Question(now, without, bytes_proved))


def first_of(asked: Sequence[Gate], publication: "Flight", question: Question) -> Hold | Stop | None:
    return next((verdict for gate in asked if not isinstance(verdict := gate.ask(publication, question), Go)), None)


def earliest(publication: "Flight", answers: Collection[tuple[Gate, Verdict]], now: datetime) -> datetime | None:
    """When it may go out at the earliest, as far as time alone decides. None while something else must change first."""
    moments = [max(publication.publish_at, now)]
    for _, verdict in answers:
        if isinstance(verdict, Go):
            continue
        if isinstance(verdict, Stop) or verdict.until is None:
            return None
        moments.append(verdict.until)
    return max(moments)


def holding(publications: Iterable["Flight"], now: datetime) -> dict[int, str]:
    """For a list: why each that waits is held, by its number. What concerns a whole account is asked once; the rest is
    asked only of what is due."""
    known, held = dict[tuple[Gate, int, str], Verdict](), dict[int, str]()
    waiting = [publication for publication in publications if publication.state == State.QUEUED]
    prefetch_related_objects(waiting, "lookalikes__recovery")
    question = asked_once(waiting, now)
    for publication in waiting:
        for gate in GATES:
            if not gate.in_lists or (publication.publish_at > now and not gate.lasting):
                continue
            key = (gate, publication.account_id if gate.of_account else -publication.pk, publication.mode)
            if key not in known:
                known[key] = gate.ask(publication, question)
            if isinstance(verdict := known[key], Hold):
                held[publication.pk] = verdict.because
                break
    return held


def asked_once(waiting: Iterable["Flight"], now: datetime) -> Question:
    """With everything that a list can read at once."""
    pauses = list(Pause.objects.in_force().select_related("started_by", "client", "account"))
    due = {row.account_id: row.account for row in waiting if row.publish_at <= now}
    must_look = {row.account_id: row for row in unread()}
    if not due:
        return Question(now, pauses=pauses, unread=must_look)
    out = slots.Diary(due.values(), now, now, slots.OUT)
    ample = budget.ample(list(due.values()), now)
    return Question(now, pauses=pauses, out=out, ample=ample, unread=must_look)
