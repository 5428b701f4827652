"""What goes in and what comes out. The description of the API is made from these."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict, WithJsonSchema

from sophia.moments import EXAMPLE, within_horizon
from sophia.refusals import Refused

BIGGEST = 2**63 - 1


def stored(text: str) -> str:
    """PostgreSQL keeps no NUL, and no platform takes one."""
    if "\0" in text:
        raise ValueError("This text holds a NUL character. Take it out.")
    return text


Stored = Annotated[str, AfterValidator(stored)]
Id = Annotated[int, Field(ge=1, le=BIGGEST)]
Name = Annotated[Stored, Field(max_length=200)]
Words = Annotated[Stored, Field(max_length=70_000)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the stored image, in hex.")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="Stands for the content that you saw.")]
Label = Annotated[Stored, Field(max_length=130, description="An account, such as facebook:1001.")]


def aware(text: str) -> str:
    """ISO 8601 with an offset: what it means does not hang on anybody's clock."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or "T" not in text.upper():
            raise ValueError
        within_horizon(moment)
    except Refused as refused:
        raise ValueError(str(refused)) from None
    except (ValueError, OverflowError):
        raise ValueError(f"Write a time with its offset, such as {EXAMPLE.rpartition(' ')[2]}.") from None
    return text


TIME = {"type": "string", "format": "date-time", "description": "ISO 8601, with an offset."}
Moment = Annotated[str, WithJsonSchema(TIME)]
MomentIn = Annotated[str, AfterValidator(aware), WithJsonSchema(TIME)]


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


class Asking(Schema):
    """Nothing unknown, and nothing of another kind: a slip is told instead of being read some other way."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Wrong(Schema):
    field: str
    detail: str


class ProblemShape(Schema):
    """RFC 9457."""

    model_config = ConfigDict(title="Problem")

    type: str
    title: str
    status: int
    detail: Annotated[str, Field(description="A sentence that says what to do.")]
    field: str = ""
    errors: list[Wrong] = []
    diff: Annotated[dict[str, list[Any]], Field(description="Each changed field with what it was and what it is.")] = {}


class ClientShape(Schema):
    id: int
    name: str
    timezone: str


class PictureIn(Asking):
    sha256: Sha256
    alt: Annotated[Stored, Field(max_length=5_000)] = ""


class Picture(Schema):
    sha256: str
    alt: str


class Image(Schema):
    sha256: Annotated[str, Field(description="Name it by this in a draft.")]
    mime: str
    width: int
    height: int
    size: Annotated[int, Field(description="Bytes.")]


class NewDraft(Asking):
    account: Label
    text: Words = ""
    link: Annotated[Stored, Field(max_length=2000)] = ""
    images: Annotated[list[PictureIn], Field(max_length=20)] = []
    ref: Annotated[Name, Field(description="Your own id. The same ref again, with the same content, is once.")] = ""
    title: Name = ""
    source: Annotated[Name, Field(description="Where it comes from, for people.")] = ""
    suggested_at: MomentIn | None = None
    submit: Annotated[bool, Field(description="Ask for a decision at once.")] = False


class Edit(Asking):
    """What is left out, or null, stays."""

    digest: Digest
    text: Words | None = None
    link: Annotated[Stored, Field(max_length=2000)] | None = None
    images: Annotated[list[PictureIn], Field(max_length=20)] | None = None
    note: Words = ""


class Note(Asking):
    note: Words = ""


NO_NOTE = Note()


class Decision(Schema):
    at: Moment
    verb: str
    who: str
    via: str
    note: str
    tags: list[str]
    diff: dict[str, list[Any]]


class Draft(Schema):
    id: int
    ref: str | None
    url: Annotated[str, Field(description="Its page on the desk.")]
    account: str
    client: ClientShape
    author: str | None
    state: str
    stage: Annotated[str, Field(description="Its state, or that of its publication once there is one.")]
    title: str
    text: str
    link: str
    images: list[Picture]
    digest: str
    source: str
    suggested_at: Moment | None
    created_at: Moment
    submitted_at: Moment | None
    publication: int | None


class DraftInFull(Draft):
    decisions: list[Decision]


class Drafts(Schema):
    items: list[Draft]
    next: str | None


class Publication(Schema):
    id: int
    url: str
    account: str
    client: ClientShape
    state: str
    mode: str
    publish_at: Moment
    published_at: Moment | None
    post_id: str | None
    permalink: str | None
    reason: str
    held: Annotated[str | None, Field(description="Why it does not go out now, if something holds it.")]
    approved_by: str
    approved_at: Moment


class Publications(Schema):
    items: list[Publication]
    next: str | None


class Gate(Schema):
    name: str
    verdict: Literal["go", "hold", "stop"]
    because: str
    until: Moment | None


class Happening(Schema):
    at: Moment
    what: Literal["decision", "attempt", "sighting", "recovery"]
    said: str


class PublicationInFull(Publication):
    draft: int | None
    text: str
    link: str
    images: list[Picture]
    digest: str
    gates: Annotated[list[Gate], Field(description="Of one that waits: everything that could hold it, in order.")]
    earliest: Annotated[Moment | None, Field(description="When it may go out. Null while more than time must pass.")]
    timeline: list[Happening]
    recoveries: list[int]


class RecoveryAsked(Asking):
    publication: Id
    reason: Annotated[Words, Field(min_length=1, description="Kept with the post.")]


class Recovery(Schema):
    id: int
    url: str
    publication: int
    state: str
    urgency: str
    reason: str
    requested_by: str
    requested_at: Moment
    via: str
    executed_by: str | None
    finished_at: Moment | None
    seen_gone_at: Moment | None
    note: str


class Recoveries(Schema):
    items: list[Recovery]
    next: str | None


class PauseAsked(Asking):
    """One of `client`, `platform`, `account` and `everything`."""

    reason: Annotated[Words, Field(min_length=1, description="The others see it on every page.")]
    client: Id | None = None
    platform: Literal["facebook", "instagram"] | None = None
    account: Label | None = None
    everything: bool = False


class LiftAsked(Asking):
    plan: Annotated[Stored, Field(max_length=64, description="`digest` of the plan that you saw.")]


class Pause(Schema):
    id: int
    scope: str
    client: int | None
    platform: str | None
    account: str | None
    reason: str
    started_by: str
    started_at: Moment
    started_via: str
    lifted_by: str | None
    lifted_at: Moment | None


class PauseStarted(Pause):
    holds: Annotated[int, Field(description="Publications that wait because of it.")]
    too_late_for: Annotated[list[int], Field(description="Publications that were with the platform already.")]


class Pauses(Schema):
    items: list[Pause]
    next: str | None


class Step(Schema):
    publication: int
    publish_at: Moment
    verdict: Literal["go", "respace", "hold", "stop"]
    will: str
    at: Moment | None


class Plan(Schema):
    pause: int
    digest: str
    steps: list[Step]


class Account(Schema):
    id: int
    account: str
    name: str
    client: ClientShape
    healthy: bool


class Accounts(Schema):
    items: list[Account]
    next: str | None


class Used(Schema):
    used: int
    limit: int | None


class Health(Schema):
    """As Sophia knows it. Asking costs no call to the platform."""

    id: int
    account: str
    healthy: bool
    reconnect_since: Moment | None
    problem: str | None
    checked_at: Moment | None
    token_expires: Literal["known", "never", "unknown"]
    token_ends_at: Moment | None
    throttled_until: Moment | None
    calls_this_hour: Used
    posts_this_day: Used


class Notice(Schema):
    id: int
    kind: str
    sentence: str
    url: str | None
    urgent: bool
    client: int | None
    at: Moment


class Notices(Schema):
    items: list[Notice]
    next: str | None
