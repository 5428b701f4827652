"""One MCP server as a child process, spoken to by the official client. Imported only where a server is started.

It lives as long as its stdin: when the worker goes, however it goes, the server reads the end of it and goes too.
"""

import asyncio
import logging
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.shared.message import SessionMessage
from mcp.types import (
    CONNECTION_CLOSED,
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    ClientRequest,
    JSONRPCError,
    JSONRPCResponse,
    TextContent,
)
from pydantic import ValidationError

from publishing.platforms.through_mcp import leash
from publishing.platforms.through_mcp.launch import Launch
from publishing.platforms.through_mcp.pool import START, NotStarted, Said, Unanswered

log = logging.getLogger(__name__)

IDLE = 60.0
"""Seconds without a call after which a server is let go: each takes 60 MB, and starts again in a second or two."""
LINES, LONGEST = 20, 2**16
"""Of what it writes to stderr: lines that are kept, and bytes of a line that is looked at at all."""
Incoming = MemoryObjectReceiveStream[SessionMessage | Exception]
Outgoing = MemoryObjectSendStream[SessionMessage]
STOPPED = "stopped in the middle"
GONE = (anyio.BrokenResourceError, anyio.ClosedResourceError)


class Running:
    """Made, and used, on the loop of the pool."""

    def __init__(self, launch: Launch):
        self.launch = launch
        self.name = ""
        self.session: ClientSession | None = None
        self.settled, self.over = asyncio.Event(), asyncio.Event()
        self.lacking: set[str] = set()
        self.said: deque[str] = deque(maxlen=LINES)
        self.asking, self.used_at = 0, asyncio.get_running_loop().time()
        self.task = asyncio.create_task(self.run())

    @property
    def is_alive(self) -> bool:
        return not self.over.is_set()

    async def ready(self) -> None:
        await self.settled.wait()
        if self.session is None:
            raise NotStarted(self.last_words())

    def stop(self) -> None:
        """Soon. `task` ends when it is done."""
        self.over.set()
        if not self.settled.is_set():
            self.task.cancel()

    async def ask(self, tool: str, arguments: dict[str, Any], seconds: float) -> Said:
        """Past `ClientSession.call_tool`, which judges the answer by the schema of the tool and may refuse it: then
        the post would be public and its id thrown away."""
        if not self.is_alive or self.session is None:
            raise NotStarted(self.last_words())
        self.asking += 1
        try:
            return plain(await self.answer_to(self.request(tool, arguments), seconds))
        except GONE:  # It was never taken from us.
            raise NotStarted(self.last_words()) from None
        except anyio.EndOfStream:
            raise Unanswered(STOPPED) from None
        except McpError as lost:
            said = STOPPED if lost.error.code == CONNECTION_CLOSED else "answered with a fault"
            raise Unanswered(said) from None
        except ValidationError:
            raise Unanswered("gave an answer that cannot be read") from None
        finally:
            self.asking -= 1
            self.used_at = asyncio.get_running_loop().time()

    async def request(self, tool: str, arguments: dict[str, Any]) -> CallToolResult:
        assert self.session
        request = ClientRequest(CallToolRequest(params=CallToolRequestParams(name=tool, arguments=arguments)))
        return await self.session.send_request(request, CallToolResult)

    async def answer_to(self, request: Coroutine[Any, Any, CallToolResult], seconds: float) -> CallToolResult:
        """The client may forget a question when the server goes, so the end is waited for as well."""
        asked, ended = asyncio.create_task(request), asyncio.create_task(self.over.wait())
        try:
            await asyncio.wait({asked, ended}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                await asyncio.wait({asked}, timeout=1)
            if asked.done():
                return asked.result()
        finally:
            asked.cancel()
            ended.cancel()
        if self.is_alive:
            self.stop()  # Whatever it hangs in would keep the next call waiting as well.
            raise Unanswered("did not answer in time")
        raise Unanswered(STOPPED)

    async def run(self) -> None:
        try:
            await self.speak()
        except (OSError, McpError, NotStarted, *GONE, ExceptionGroup) as failed:
            # Its text may quote what the server wrote.
            log.warning("%s of %s ended: %s", self.launch.title, self.launch.account, type(failed).__name__)
        finally:
            self.over.set()
            self.settled.set()

    async def speak(self) -> None:
        program, *arguments = [*tied_to_us(), *self.launch.command]
        parameters = StdioServerParameters(
            command=program,
            args=arguments,
            env=dict(self.launch.environment),
            cwd=self.launch.folder,
            encoding_error_handler="replace",
        )
        async with self.listening() as stderr:
            async with stdio_client(parameters, errlog=stderr) as (incoming, outgoing), incoming:
                stderr.close()  # Ours: the server has its own.
                await self.converse(incoming, outgoing)

    async def converse(self, incoming: Incoming, outgoing: Outgoing) -> None:
        passing, heard = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        async with passing, heard, anyio.create_task_group() as tasks, ClientSession(heard, outgoing) as session:
            tasks.start_soon(self.pass_on, incoming, passing)
            with anyio.fail_after(START):
                told = (await session.initialize()).serverInfo
                tools = {tool.name for tool in (await session.list_tools()).tools}
            self.lacking = set(self.launch.needs - tools)
            if not self.lacking:
                self.name = self.launch.harmless(f"{told.name} {told.version}")
                self.session = session
                self.settled.set()
                await self.until_idle()
            self.over.set()
            tasks.cancel_scope.cancel()

    async def pass_on(self, incoming: Incoming, passing: MemoryObjectSendStream[SessionMessage | Exception]) -> None:
        """Answers only: what else it says may hold the token, and the client would log it. Tells when it is gone."""
        with suppress(*GONE):
            async with passing:
                async for message in incoming:
                    if isinstance(message, SessionMessage) and isinstance(
                        message.message.root, JSONRPCResponse | JSONRPCError
                    ):
                        await passing.send(message)
        self.over.set()

    async def until_idle(self) -> None:
        clock = asyncio.get_running_loop().time
        while not self.over.is_set():
            left = self.used_at + IDLE - clock()
            if left <= 0 and not self.asking:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self.over.wait(), max(left, 1))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Any]:
        """The end for the server to write to. What it writes is kept without secrets."""
        ours, theirs = os.pipe()
        hearing = asyncio.create_task(self.hear(ours))
        with os.fdopen(theirs, "w") as stderr:
            try:
                yield stderr
            finally:
                stderr.close()
                await asyncio.wait({hearing}, timeout=1)
                hearing.cancel()

    async def hear(self, end: int) -> None:
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(end, "rb", 0)
        )
        rest = b""
        try:
            while piece := await reader.read(LONGEST):
                *lines, rest = (rest + piece).split(b"\n")
                self.said += filter(None, (self.launch.harmless(line.decode(errors="replace")) for line in lines))
                rest = rest if len(rest) < LONGEST else b""
        finally:
            transport.close()

    def last_words(self) -> str:
        if self.lacking:
            return f"It lacks the tools {', '.join(sorted(self.lacking))}: it is another server, or another version."
        if self.said:
            return f"It says: “{self.said[-1]}”"
        return "It ended, or kept still, without a word, as a script does that only defines a server (docs/mcp.md)."


def tied_to_us() -> list[str]:
    """On Linux whatever the command starts ends with the thread that started it: a server that hangs in a request would
    not read the end of its stdin."""
    return [sys.executable, "-I", "-S", leash.__file__, str(os.getpid())] if sys.platform == "linux" else []


def plain(result: CallToolResult) -> Said:
    texts = [part.text for part in result.content if isinstance(part, TextContent)]
    return Said(result.isError, "\n".join(texts), result.structuredContent)
