"""The servers of this process: one for each account, kept warm, on an event loop in a thread of its own."""

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from publishing.platforms.through_mcp.launch import Launch

if TYPE_CHECKING:
    from publishing.platforms.through_mcp.running import Running

START = 25.0
"""Seconds that a server may take until it has told its tools."""
LEAST = 5.0
"""No tool is called with fewer seconds left."""
GRACE = 3.0
Result = TypeVar("Result")


class NotStarted(Exception):  # noqa: N818
    """Nothing has left: there was no server to call. The text is safe to show."""


class Unanswered(Exception):  # noqa: N818
    """The call was handed over, and what became of it is not known. The text is safe to show."""


@dataclass(frozen=True)
class Said:
    """A server's answer as it came, secrets and all."""

    is_error: bool
    text: str
    structure: dict[str, Any] | None


class Servers:
    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """As after a fork: what runs belongs to the parent."""
        self.lock = threading.Lock()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.running: dict[str, Running] = {}

    def ask(self, launch: Launch, tool: str, arguments: dict[str, Any], seconds: float) -> Said:
        """Start the server unless it runs, and call the tool. NotStarted or Unanswered."""
        try:
            return self.wait(self.call(launch, tool, arguments, seconds), seconds + GRACE)
        except Late:
            raise Unanswered("did not answer in time") from None

    def greet(self, launch: Launch) -> str:
        """Start the server unless it runs. Its name and version. NotStarted."""
        try:
            return self.wait(self.name_of(launch), START + GRACE)
        except Late:
            raise NotStarted("It did not start in time.") from None

    def close(self) -> None:
        """End every server, and the thread."""
        if self.loop is None:
            return
        loop, thread = self.loop, self.thread
        self.wait(self.stop_all(), START)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(GRACE)
        loop.close()
        self.forget()

    def wait(self, coroutine: Coroutine[Any, Any, Result], seconds: float) -> Result:
        future = asyncio.run_coroutine_threadsafe(coroutine, self.turning())
        try:
            return future.result(seconds)
        finally:
            future.cancel()

    def turning(self) -> asyncio.AbstractEventLoop:
        with self.lock:
            if self.loop is None:
                self.loop = asyncio.new_event_loop()
                self.thread = threading.Thread(target=self.loop.run_forever, daemon=True, name="mcp-servers")
                self.thread.start()
            return self.loop

    async def call(self, launch: Launch, tool: str, arguments: dict[str, Any], seconds: float) -> Said:
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        for last in (False, True):
            try:
                server = await asyncio.wait_for(self.ready(launch), until - LEAST - clock())
            except TimeoutError:
                raise NotStarted("It took too long to start, and nothing was asked of it.") from None
            try:
                return await server.ask(tool, arguments, until - clock())
            except NotStarted:  # It died while nobody looked.
                if last:
                    raise
        raise AssertionError

    async def name_of(self, launch: Launch) -> str:
        return (await self.ready(launch)).name

    async def ready(self, launch: Launch) -> "Running":
        server = self.running.get(launch.account)
        if server is None or not server.is_alive or server.launch != launch:
            if server:
                server.stop()
            started: type[Running] = import_module("publishing.platforms.through_mcp.running").Running
            server = self.running[launch.account] = started(launch)
        await server.ready()
        return server

    async def stop_all(self) -> None:
        for server in self.running.values():
            server.stop()
        await asyncio.gather(*(server.task for server in self.running.values()), return_exceptions=True)


SERVERS = Servers()
os.register_at_fork(after_in_child=SERVERS.forget)
atexit.register(SERVERS.close)
