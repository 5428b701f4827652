"""Stands in for facebook-mcp-server (platforms.md F1), traps included: the token in every address and on stderr, errors
of Graph as ordinary answers, no timeouts, chatter on stdout, some of it like an answer. Its argument is the address
that the real one has built in.

HTTP 599 from that address kills it between effect and answer, and 598 has it quote the address. Headers tell the test
who asks, and with what around it.
"""

import json
import os
import sys

import requests
from mcp.server.fastmcp import FastMCP

BASE = f"{sys.argv[1]}/v22.0"
TOKEN, PAGE = os.environ["FACEBOOK_ACCESS_TOKEN"], os.environ["FACEBOOK_PAGE_ID"]
WHO = {"X-Pid": str(os.getpid()), "X-Environment": ",".join(sorted(os.environ))}
mcp = FastMCP("FacebookMCP", log_level="ERROR")


def graph(method: str, path: str, **params: object) -> dict:
    address = f"{BASE}/{path}"
    sys.stderr.write(f"{method} {address}?access_token={TOKEN}\n")
    sys.stderr.flush()
    print(json.dumps({"jsonrpc": "2.0", "id": address + TOKEN, "result": {}}), flush=True)
    answer = requests.request(method, address, params={"access_token": TOKEN, **params}, headers=WHO)
    if answer.status_code == 599:
        os._exit(9)
    if answer.status_code == 598:
        raise RuntimeError(f"No idea what {answer.url} says")
    return answer.json()


@mcp.tool()
def post_to_facebook(message: str) -> dict:
    return graph("POST", f"{PAGE}/feed", message=message)


@mcp.tool()
def post_image_to_facebook(image_url: str, caption: str) -> dict:
    return graph("POST", f"{PAGE}/photos", url=image_url, caption=caption)


@mcp.tool()
def schedule_post(message: str, publish_time: int) -> dict:
    return graph("POST", f"{PAGE}/feed", message=message, published=False, scheduled_publish_time=publish_time)


@mcp.tool()
def delete_post(post_id: str) -> dict:
    return graph("DELETE", post_id)


@mcp.tool()
def get_page_posts() -> dict:
    return graph("GET", f"{PAGE}/posts", fields="id,message,created_time")


if __name__ == "__main__":
    print(f"starting with {TOKEN}", flush=True)
    mcp.run()
