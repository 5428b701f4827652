"""The tools. Each is a plain function of who asks and what they typed; its docstring is what the agent reads.

None approves, and none takes anything down: a human does, in Sophia.
"""

from collections.abc import Callable
from typing import Annotated, Any

from django.contrib.auth.models import User
from django.utils import timezone
from pydantic import Field

from approval.agents import seen, writing
from approval.agents.callers import Clients
from approval.models import Decision, Draft
from approval.shelves import Shelf
from publishing import gates
from publishing.models import Client, Pause, Publication, Recovery
from sophia.doors import Via
from sophia.refusals import NotAllowed, Refused

Account = Annotated[str, Field(description="platform:id, such as facebook:1001")]
Images = Annotated[
    list[str],
    Field(description="In order. Each is the SHA-256 of an image that Sophia has, or data:image/jpeg;base64,…"),
]
"""Where this process was given a folder of images, also a file name in it."""


def submit_draft(
    person: User,
    clients: Clients,
    shelf: Shelf,
    account: Account,
    text: str | None = None,
    link: str | None = None,
    images: Images | None = None,
    alt: Annotated[list[str] | None, Field(description="An alt text for each image, in the same order")] = None,
    ref: Annotated[str, Field(description="Your own id of it. The same ref again revises the draft")] = "",
    digest: Annotated[str, Field(description="To revise: of the version that you read, as draft_status tells it")] = "",
    title: Annotated[str | None, Field(description="For the reviewers, never published")] = None,
    suggested_at: Annotated[
        str | None, Field(description="ISO 8601. Without an offset: on the client's clock. Empty: at no certain time")
    ] = None,
) -> dict[str, Any]:
    """Submit a post for review. A human reads and approves it before anything is published; nothing you can call
    approves. Give a ref: submitting the same ref again, with the digest of the version you read, revises the draft, as
    long as no human has approved it. A revision changes what you name and leaves everything else as it is."""
    wish = {"account": account, "text": text, "link": link, "images": images, "alt": alt, "ref": ref}
    return writing.submit(person, clients, shelf, {**wish, "title": title, "suggested_at": suggested_at}, digest)


def list_drafts(
    person: User,
    clients: Clients,
    state: Annotated[str, Field(description=f"One of {', '.join(Draft.State.values)}, or empty for all")] = "",
    limit: Annotated[int, Field(ge=1, le=seen.MOST)] = 50,
) -> dict[str, Any]:
    """The drafts, the newest first. Whether one is approved is decided by a human."""
    rows = of_state(seen.drafts(person, clients), state, Draft.State.values)
    return {"drafts": [seen.draft_document(draft) for draft in rows.order_by("-pk")[:limit]]}


def draft_status(
    person: User, clients: Clients, draft: Annotated[str, Field(description="Its id or its ref")]
) -> dict[str, Any]:
    """What humans decided about a draft, and what came of it. For a rejected one, `guidance` holds their reasons:
    revise it accordingly and submit it again with the same ref."""
    found = seen.draft_named(person, clients, draft)
    decisions = list(found.decisions.select_related("by", "client_link"))
    told = {"decisions": [seen.decision_document(each) for each in decisions], "guidance": guidance(decisions)}
    return seen.draft_document(found) | told


def guidance(decisions: list[Decision]) -> dict[str, Any] | None:
    """Of the last rejection, unless something was decided after it."""
    judged = [each for each in decisions if each.verb not in {Decision.Verb.EDITED, Decision.Verb.WRITTEN}]
    if not judged or judged[-1].verb != Decision.Verb.REJECTED:
        return None
    return {"tags": judged[-1].tags, "note": judged[-1].note, "by": judged[-1].who}


def list_publications(
    person: User,
    clients: Clients,
    state: Annotated[str, Field(description=f"One of {', '.join(Publication.State.values)}, or empty for all")] = "",
    limit: Annotated[int, Field(ge=1, le=seen.MOST)] = 50,
) -> dict[str, Any]:
    """What humans have approved: waiting, on its way, out, or taken down. The latest time first."""
    rows = of_state(seen.publications(person, clients), state, Publication.State.values)
    found = list(rows.order_by("-publish_at", "-pk")[:limit])
    held = gates.holding(found, timezone.now())
    return {"publications": [{**seen.publication_document(each), "held": held.get(each.pk)} for each in found]}


def why_not_going_out(
    person: User, clients: Clients, publication: Annotated[str, Field(description="Its id, permalink or post id")]
) -> dict[str, Any]:
    """Every check that decides whether an approved post may go out now, with its answer, and the earliest time."""
    found, now = seen.publication_named(person, clients, publication), timezone.now()
    document = seen.publication_document(found)
    if not Publication.objects.waiting().contains(found):
        return {**document, "waits": False, "said": f"It is {found.get_state_display()}. {found.reason}".strip()}
    answers = gates.verdicts(found, now)
    checks = [
        {"check": gate.name, "open": isinstance(verdict, gates.Go), "because": getattr(verdict, "because", "")}
        for gate, verdict in answers
    ]
    return {**document, "waits": True, "checks": checks, "earliest": gates.earliest(found, answers, now)}


def request_recovery(
    person: User,
    clients: Clients,
    publication: Annotated[str, Field(description="Its id, permalink or post id")],
    reason: Annotated[str, Field(description="Why it must come down. Kept with the post")],
) -> dict[str, Any]:
    """Ask that a published post be taken down. A human reviews the request and takes it down, or leaves it up: until
    then it stays public."""
    found = seen.publication_named(person, clients, publication)
    recovery = found.recover(by=person, reason=reason, urgency=Recovery.Urgency.REVIEW, via=Via.MCP)
    return {**seen.recovery_document(recovery), "next": "A human decides. It is still up."}


def pause(
    person: User,
    clients: Clients,
    reason: Annotated[str, Field(description="The humans see it on every page")],
    client: Annotated[str, Field(description="Only this client, by its name")] = "",
    platform: Annotated[str, Field(description="Only facebook, or only instagram")] = "",
    account: Annotated[str, Field(description="Only this account, as platform:id")] = "",
) -> dict[str, Any]:
    """Hold publishing at once: everything, or one client, platform or account. A human lifts it; nothing you can call
    does."""
    if clients is not None and not (client or account):
        raise NotAllowed("You work for some of the clients only: pause one of them, or one account.")
    scope: dict[str, Any] = {
        "client": client_named(clients, client) if client else None,
        "account": seen.account(person, clients, account) if account else None,
        "platform": known_platform(platform),
    }
    started = Pause.objects.start(by=person, reason=reason, via=Via.MCP, **scope)
    late = started.too_late_for()
    return {
        "id": started.pk,
        "scope": started.scope,
        "holds": Publication.objects.held_by(started).count(),
        "too_late_for": list(late.values_list("pk", flat=True)),
    }


def client_named(clients: Clients, name: str) -> Client:
    rows = Client.objects.all().for_clients(clients)
    if found := rows.filter(name=name).first():
        return found
    raise Refused(f"There is no client “{name}”. The clients: {', '.join(rows.values_list('name', flat=True))}.")


def known_platform(name: str) -> str:
    known = [value for value, _ in Pause._meta.get_field("platform").flatchoices]
    if name and name not in known:
        raise Refused(f"“{name}” is no platform. The platforms: {', '.join(known)}.")
    return name


def of_state(rows: Any, state: str, states: list[str]) -> Any:
    if state and state not in states:
        raise Refused(f"“{state}” is not a state. It is one of {', '.join(states)}.")
    return rows.filter(state=state) if state else rows


TOOLS: dict[Callable[..., dict[str, Any]], str] = {
    submit_draft: "drafts:write",
    list_drafts: "drafts:read",
    draft_status: "drafts:read",
    list_publications: "publications:read",
    why_not_going_out: "publications:read",
    request_recovery: "recoveries:request",
    pause: "pauses:write",
}
"""Each with the scope that a token needs for it."""
