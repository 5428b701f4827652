"""What comes out. With `asking.py`, the description of the API is made from this."""

from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from publishing.models.states import KnownBy
from sophia.api.values import Moment


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


class Picture(Schema):
    sha256: str
    alt: str


class Image(Schema):
    sha256: Annotated[str, Field(description="Name it by this in a draft.")]
    mime: str
    width: int
    height: int
    size: Annotated[int, Field(description="Bytes.")]


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
    known_by: Annotated[
        KnownBy | None, Field(description="How it is known which post it is. Null for one that is out: nobody knows.")
    ]
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
    posts_held_until: Moment | None
    posts_held_because: str | None
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
