"""The tools as an MCP server, by the official SDK. The only module of this door that imports it."""

import inspect
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from functools import cache
from http import HTTPStatus
from io import TextIOWrapper
from typing import Any

import anyio
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.exceptions import ValidationError
from django.db import IntegrityError, close_old_connections
from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from approval.agents.callers import Caller, authenticate
from approval.agents.tools import TOOLS
from approval.agents.writing import Given
from approval.wishes import require_text
from sophia import fields
from sophia.command import in_words
from sophia.refusals import Refused
from sophia.tokens.entering import TooMany

log = logging.getLogger(__name__)

ABOUT = (
    "Sophia is the desk between somebody who wrote a post and the public who see it. You may submit drafts, read what "
    "humans decided, ask for a take-down and pause. A human approves every post and carries out every take-down."
)
FAULT = "Sophia has a fault, which is in its log. Nothing is known to be done: look before you try again."
OURS = {"person", "clients", "shelf"}
LARGEST = 16 * 2**20
"""Of one message. It is read as a whole, several times over: larger images go to the API."""
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
CALLING: ContextVar[Caller] = ContextVar("calling")
"""Whose request it is, for the tools that it calls over HTTP."""


class Server(FastMCP[Any]):
    """The SDK drops what a tool does not take: an agent that mistypes a name would never know."""

    async def call_tool(self, name: str, arguments: dict[str, Any]) -> Any:
        if tool := self._tool_manager.get_tool(name):
            try:
                fields.require_known(arguments, tool.parameters["properties"])
            except Refused as refused:
                raise ToolError(str(refused)) from refused
        return await super().call_tool(name, arguments)


def server_for(who: Callable[[], Caller], shelf: Given) -> FastMCP[Any]:
    """`who` is asked at every call: a role or a token may be taken away meanwhile."""
    server = Server("sophia", instructions=ABOUT, log_level="WARNING")
    for tool, scope in TOOLS.items():
        server.add_tool(bound(tool, scope, who, shelf), name=tool.__name__, description=inspect.getdoc(tool))
    for made in server._tool_manager.list_tools():
        made.parameters["additionalProperties"] = False
    return server


def bound(
    tool: Callable[..., dict[str, Any]], scope: str, who: Callable[[], Caller], shelf: Given
) -> Callable[..., Awaitable[dict[str, Any]]]:
    """The tool as the agent sees it: only what it types."""
    signature = inspect.signature(tool)

    def carry_out(typed: dict[str, Any]) -> dict[str, Any]:
        try:
            for name, value in typed.items():
                require_text(f"“{name}”", value if isinstance(value, str) else "")
            caller = who()
            caller.require(scope)
            ours = {"person": caller.person, "clients": caller.clients, "shelf": shelf.of(caller.person, caller.token)}
            given = {name: value for name, value in ours.items() if name in signature.parameters}
            return tool(**given, **typed)
        except Refused as refused:
            raise ToolError(str(refused)) from refused
        except ValidationError as wrong:
            raise ToolError(in_words(wrong)) from wrong
        except IntegrityError as wrong:
            raise ToolError("Another call brought this ref at the same moment. Submit it again.") from wrong
        except Exception as fault:  # The SDK would tell it to the agent, and nobody else.
            log.exception("The tool %s failed.", tool.__name__)
            raise ToolError(FAULT) from fault
        finally:
            close_old_connections()

    async def called(**typed: Any) -> dict[str, Any]:
        return await sync_to_async(carry_out)(typed)

    shown = [parameter for name, parameter in signature.parameters.items() if name not in OURS]
    called.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    return called


async def over_stdio(server: FastMCP[Any], out: TextIOWrapper) -> None:
    """Until stdin ends."""
    async with stdio_server(stdout=anyio.wrap_file(out)) as (reading, writing):
        inner = server._mcp_server
        await inner.run(reading, writing, inner.create_initialization_options())


async def over_http(scope: Scope, receive: Receive, send: Send) -> None:
    """One request, for whoever its token stands for. No session is kept between two, and no stream without one."""
    if scope["method"] != "POST":
        await turn_away(send, 405, "Send messages by POST.", (b"allow", b"POST"))
        return
    header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    try:
        async with ThreadSensitiveContext():
            caller = await sync_to_async(identified)(header)
    except TooMany as hurried:
        await turn_away(send, 429, str(hurried), (b"retry-after", str(hurried.seconds).encode()))
        return
    except Refused as refused:
        await turn_away(send, 401, str(refused), (b"www-authenticate", b"Bearer"))
        return
    CALLING.set(caller)
    manager = StreamableHTTPSessionManager(
        server_for_all()._mcp_server, json_response=True, stateless=True, max_request_body_size=LARGEST
    )
    async with ThreadSensitiveContext(), manager.run():  # Another: a slow sender holds no thread until it has sent.
        await manager.handle_request(scope, receive, send)


@cache
def server_for_all() -> FastMCP[Any]:
    """Made once: describing the tools takes a time that every other page would wait for."""
    return server_for(CALLING.get, Given())


def identified(header: str) -> Caller:
    try:
        return authenticate(header)
    finally:
        close_old_connections()


async def turn_away(send: Send, status: int, because: str, header: tuple[bytes, bytes]) -> None:
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": because}
    headers = [(b"content-type", b"application/problem+json"), header]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})
