"""The door for agents on the web, before Django: /mcp. Without the package mcp there is no such page."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from asgiref.sync import sync_to_async

PATH = "/mcp"
SERVING = "approval.agents.serving"
"""Imported by the first agent that comes, in a thread: it takes a second, for which no other page waits."""


class Mounted:
    def __init__(self, django: Any):
        self.django = django
        self.offered = find_spec("mcp") is not None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not self.offered or scope["type"] != "http" or scope["path"].rstrip("/") != PATH:
            await self.django(scope, receive, send)
            return
        serving = await sync_to_async(import_module, thread_sensitive=False)(SERVING)
        await serving.over_http(scope, receive, send)
