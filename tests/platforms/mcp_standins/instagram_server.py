"""Stands in for ig-mcp (platforms.md F2), traps included: it asks who it is before it starts, downloads the image
itself and is choosy about its shape, publishes without waiting, loses every number of an error, logs to stdout, and
has no tool that deletes.

HTTP 599 from Graph kills it between effect and answer.
"""

import asyncio
import io
import json
import os
import sys

import requests
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.types import TextContent, Tool
from PIL import Image

BASE = f"{os.environ['INSTAGRAM_API_BASE_URL']}/{os.environ['INSTAGRAM_API_VERSION']}"
TOKEN, ACCOUNT = os.environ["INSTAGRAM_ACCESS_TOKEN"], os.environ["INSTAGRAM_BUSINESS_ACCOUNT_ID"]
SECRET = os.environ["FACEBOOK_APP_SECRET"]
RATIOS = ((0.78, 0.82), (0.98, 1.02), (1.89, 1.93))
server = Server("instagram-mcp-server", "1.0.0")
TEXT = {"type": "string"}
PUBLISH = {"image_url": TEXT, "video_url": TEXT, "caption": TEXT, "location_id": TEXT}


class ApiError(Exception):
    pass


def graph(method: str, path: str, **body: object) -> dict:
    sys.stderr.write(f"HTTP Request: {method} {BASE}/{path}?access_token={TOKEN}\n")
    answer = requests.request(method, f"{BASE}/{path}", params={"access_token": TOKEN}, json=body or None)
    if answer.status_code == 599:
        os._exit(9)
    told = answer.json()
    if "error" in told:
        print(json.dumps({"event": "Instagram API error", "params": {"access_token": TOKEN}}), flush=True)
        raise ApiError(told["error"]["message"])
    return told


def publish(image_url: str, caption: str = "") -> dict:
    picture = Image.open(io.BytesIO(requests.get(image_url).content))
    ratio = picture.width / picture.height
    if not any(least <= ratio <= most for least, most in RATIOS):
        raise ApiError(f"Image aspect ratio {ratio:.2f} is not supported")
    container = graph("POST", f"{ACCOUNT}/media", image_url=image_url, caption=caption)["id"]
    return {"id": graph("POST", f"{ACCOUNT}/media_publish", creation_id=container)["id"], "status": "published"}


def wrapped(data: dict | None = None, error: str | None = None) -> str:
    metadata = {"error_code": None, "error_subcode": None}
    return json.dumps({"success": error is None, "data": data, "error": error, "metadata": metadata})


@server.list_tools()
async def tools() -> list[Tool]:
    nothing = {"type": "object", "properties": {}}
    publishing = {"type": "object", "properties": PUBLISH, "additionalProperties": False}
    return [
        Tool(name="publish_media", inputSchema=publishing),
        Tool(name="get_profile_info", inputSchema=nothing),
        Tool(name="validate_access_token", inputSchema=nothing),
    ]


@server.call_tool()
async def call(name: str, arguments: dict) -> list[TextContent]:
    if name != "publish_media":
        return [TextContent(type="text", text=wrapped(error=f"Unknown tool: {name}"))]
    try:
        text = wrapped(publish(**arguments))
    except (ApiError, requests.RequestException) as wrong:
        text = wrapped(error=f"Instagram API error: Failed to publish media: {wrong}")
    return [TextContent(type="text", text=text)]


async def main() -> None:
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


if __name__ == "__main__":
    try:
        graph("GET", "me?fields=id")
    except (ApiError, requests.RequestException, ValueError) as wrong:
        sys.exit(f"Cannot start with {TOKEN} and {SECRET}: {wrong}")
    asyncio.run(main())
