"""From the commit of a fact to the event at every listener, over raw sockets."""

import asyncio
import json
import time
from typing import Any

from tests.bench.desk import Desk
from tests.bench.figures import ranks

LISTENERS = (1, 50, 200)
EVENTS, PAUSE = 20, 0.37
"""How many facts, and how many seconds apart: not in step with any rhythm of the desk."""


def measure(server: str, redis: str, workers: int) -> dict[str, Any]:
    ways = {"without_redis": ""} | ({"with_redis": redis} if redis else {})
    return {name: way(server, address, workers) for name, address in ways.items()}


def way(server: str, redis: str, workers: int) -> dict[str, Any]:
    with Desk(server, "http://127.0.0.1:9", REDIS_URL=redis) as desk:
        desk.start(workers)
        cookie = desk.run("sign_in")
        return {str(number): asyncio.run(listen(desk, cookie, number)) for number in LISTENERS}


async def listen(desk: Desk, cookie: str, listeners: int) -> dict[str, Any]:
    heard: list[dict[int, float]] = [{} for _ in range(listeners)]
    opened = [asyncio.Event() for _ in heard]
    tasks = [asyncio.create_task(hear(desk.port, cookie, *pair)) for pair in zip(heard, opened, strict=True)]
    try:
        await asyncio.wait_for(asyncio.gather(*(event.wait() for event in opened)), 60)
        await asyncio.sleep(1)  # The relay has seen them all.
        told = dict(await asyncio.to_thread(desk.run, "tell", EVENTS, PAUSE))
        await asyncio.sleep(2)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    waits = [at - told[notice] for one in heard for notice, at in one.items() if notice in told]
    return {
        "events": len(told),
        "heard": len(waits),
        "lost": listeners * len(told) - len(waits),
        "seconds": ranks(waits),
    }


async def hear(port: int, cookie: str, heard: dict[int, float], opened: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"GET /events/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\nAccept: text/event-stream\r\n\r\n"
    )
    writer.write(head.encode())
    try:
        while line := await reader.readline():
            if line.startswith(b"event: stream-open"):
                opened.set()
            if line.startswith(b"data: {"):
                event = json.loads(line[6:])
                heard[event.get("notice", 0)] = time.time()
    finally:
        writer.close()
