"""A platform that costs next to nothing, in a process of its own, so that the desk is measured and not the sandbox.

It speaks what Sophia needs for text posts on Facebook in two steps: create unpublished, read, publish, read, delete.
Every answer comes after `delay` milliseconds. `GET /seen` tells when each post became public, and how often.
"""

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class Shelf:
    """The posts, by id: their text, and each time somebody made them public."""

    def __init__(self) -> None:
        self.posts: dict[str, str] = {}
        self.public: dict[str, list[float]] = {}
        self.calls = 0

    def answer(self, method: str, path: str, fields: dict[str, str]) -> dict[str, Any]:
        self.calls += 1
        name = path.rpartition("/")[2]
        if name == "feed" and method == "POST":
            return self.create(path.split("/")[-2], fields)
        if method == "DELETE":
            return {"success": bool(self.posts.pop(name, None))}
        if name not in self.posts:
            return {"id": name, "name": name}
        if fields.get("is_published") == "true":
            self.public.setdefault(name, []).append(time.time())
            return {"success": True}
        return {"id": name, "is_published": name in self.public, "permalink_url": f"https://standin.example/{name}"}

    def create(self, page: str, fields: dict[str, str]) -> dict[str, Any]:
        name = f"{page}_{len(self.posts) + 1}"
        self.posts[name] = fields.get("message", "")
        if fields.get("published") != "false":
            self.public[name] = [time.time()]
        return {"id": name}

    def seen(self) -> dict[str, Any]:
        return {"calls": self.calls, "public": [[self.posts[name], *times] for name, times in self.public.items()]}


class Line(asyncio.Protocol):
    """One connection, one call at a time, kept alive."""

    def __init__(self, shelf: Shelf, delay: float):
        self.shelf = shelf
        self.delay = delay
        self.waiting = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        head, end, rest = self.waiting.partition(b"\r\n\r\n")
        length = length_in(head) if end else 0
        if not end or len(rest) < length:
            return
        self.waiting = rest[length:]
        method, address, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        parts = urlsplit(address)
        if parts.path == "/seen":
            self.write(self.shelf.seen())
            return
        fields = dict(parse_qsl(parts.query) + parse_qsl(rest[:length].decode()))
        asyncio.get_running_loop().call_later(self.delay, self.reply, method, parts.path, fields)

    def reply(self, method: str, path: str, fields: dict[str, str]) -> None:
        self.write(self.shelf.answer(method, path, fields))

    def write(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)


def length_in(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def serve(delay: float) -> None:
    shelf = Shelf()
    server = await asyncio.get_running_loop().create_server(lambda: Line(shelf, delay), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]) / 1000))
