"""Calling the tools of an account's server, and keeping each call as evidence like any other."""

import json
import time
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from publishing.platforms import answers, errors
from publishing.platforms.answers import Answer
from publishing.platforms.base import (
    Call,
    Content,
    Health,
    Journal,
    Kind,
    PlatformError,
    Receipt,
    Reference,
    Sent,
    other_way,
)
from publishing.platforms.graph import DEADLINE, LAST, TOKEN
from publishing.platforms.meta import MetaPlatform
from publishing.platforms.through_mcp.launch import SERVERS as NAMES
from publishing.platforms.through_mcp.launch import Launch, setting_of, why_not
from publishing.platforms.through_mcp.pool import SERVERS, NotStarted, Said, Unanswered

WAY = "mcp"
ANSWERED = 200
"""Kept as the status of what was done. What the platform itself answered to the server is lost (platforms.md F1)."""


class ThroughMcp(MetaPlatform):
    """A platform whose posts are made by the tools of an MCP server. It comes before the class that reads."""

    tools: frozenset[str]

    def environment(self) -> dict[str, str]:
        """All that the server is told, beside the paths that every program gets."""
        raise NotImplementedError

    def call_for(self, content: Content, addresses: list[str]) -> tuple[str, dict[str, str]]:
        """The tool that publishes this, and its arguments. `addresses` of the images."""
        raise NotImplementedError

    def refused(self, said: Said, text: str, answer: Answer, irreversible: bool) -> PlatformError | None:
        """What the answer means where it is no success. `text` is without secrets."""
        raise NotImplementedError

    @classmethod
    def calls_to_prepare(cls, images: int, direct: bool) -> int:
        return 0

    @classmethod
    def calls_to_commit(cls, images: int, direct: bool) -> int:
        """The tool, and reading the address."""
        return 2

    def prepare(self, content: Content, journal: Journal | None = None) -> Reference:
        """These servers make nothing invisible. The addresses are kept: the commit may have no images at hand."""
        return {"way": WAY, "images": [image.url for image in content.images]}

    def commit(self, content: Content, reference: Reference) -> Receipt:
        self.require_own_way(reference)
        tool, arguments = self.call_for(content, reference["images"])
        answer = self.ask("publish", tool, irreversible=True, **arguments)
        return self.read_back(self.post_in(tool, answer))

    def post_in(self, tool: str, answer: Answer) -> str:
        return str(answer["id"])

    def read_back(self, post_id: str) -> Receipt:
        """A server's word proves nothing. Only a clear contradiction makes it uncertain; a failing read does not."""
        try:
            post = self.seen(post_id, self.shown)
        except PlatformError:
            return Receipt(post_id, self.link_to(post_id))
        if post is None or post.get("is_published") is False:
            said = f"{NAMES[self.name]} says that it published the post, and {self.title} does not show it."
            raise PlatformError(Kind.UNKNOWN, said)
        return self.receipt({**post, "id": post_id})

    def rehearse(self, content: Content) -> tuple[Sent, ...]:
        tool, arguments = self.call_for(content, [image.url for image in content.images])
        return (Sent("publish", "MCP", tool, arguments, irreversible=True),)

    def require_own_way(self, reference: Reference) -> None:
        """What was prepared before the account was set to publish this way is invisible, and is not used."""
        if reference["way"] != WAY:
            raise other_way()

    def check(self) -> Health:
        health = super().check()  # type: ignore[safe-super]
        return replace(health, details=(*health.details, f"publishes through {self.check_server()}"))

    def check_server(self) -> str:
        """Start it. What it calls itself."""
        try:
            return SERVERS.greet(self.launch())
        except NotStarted as why:
            raise self.not_started(why) from None

    def launch(self) -> Launch:
        if why := why_not(self.name):
            raise PlatformError(Kind.AUTH, f"This account publishes through MCP. {why}")
        return Launch(
            f"{self.name}:{self.account.external_id}",
            NAMES[self.name],
            tuple(settings.SOPHIA_MCP[self.name]),
            settings.SOPHIA_MCP_FOLDERS.get(self.name) or "/",
            tuple(self.environment().items()),
            frozenset(filter(None, [self.account.token, *self.account.app_token.split("|")[1:]])),
            self.tools,
        )

    def ask(self, verb: str, tool: str, *, irreversible: bool = False, needs: str = "id", **arguments: Any) -> Answer:
        launch, seconds = self.launch(), self.seconds_left()
        at, start = timezone.now(), time.monotonic()
        try:
            said = SERVERS.ask(launch, tool, arguments, seconds)
        except NotStarted as why:
            raise self.not_started(why) from None
        except Unanswered as lost:
            self.note(at, start, verb, tool, None)
            raise errors.silence(launch.title, str(lost), irreversible=irreversible) from None
        answer = self.answer_in(said)
        error = self.refused(said, launch.harmless(said.text), answer, irreversible)
        if error is None and not answers.fulfilled(answer, needs):
            error = errors.silence(launch.title, "gave an answer that says nothing", irreversible=irreversible)
        self.note(at, start, verb, tool, error)
        if error:
            raise error
        return answer

    def seconds_left(self) -> float:
        if not TOKEN.fullmatch(self.account.token):
            raise PlatformError(Kind.AUTH, "This account has no usable token. Reconnect the account.")
        gone = time.monotonic() - self.graph.began
        if gone >= DEADLINE:
            raise self.graph.used_up()
        return LAST - gone - 5

    def not_started(self, why: NotStarted) -> PlatformError:
        said = f"{NAMES[self.name]} does not run, and nothing was sent. {why} Look at {setting_of(self.name)}."
        return PlatformError(Kind.RETRY, said)

    def answer_in(self, said: Said) -> Answer:
        """Made safe as the answers of the Graph API are, whatever the server made of them."""
        body = said.text if said.structure is None else json.dumps(said.structure)
        for secret in self.account.app_token.split("|")[1:]:
            body = answers.without(secret, body) if secret else body
        return answers.answer_in(body.encode(errors="replace"), self.account.token)

    def note(self, at: datetime, start: float, verb: str, tool: str, error: PlatformError | None) -> None:
        took = round((time.monotonic() - start) * 1000)
        facts: dict[str, Any] = {}
        if error:
            facts = {"code": error.code, "subcode": error.subcode, "trace_id": error.trace_id}
            facts["throttles"] = tuple(filter(None, [errors.throttle_in(error)]))
        self.calls.append(Call(at, verb, "MCP", tool, took, None if error else ANSWERED, **facts))
