"""The verdict, from what the platform shows and not from what the desk says of itself."""

from collections import Counter
from typing import Any

from tests.chaos.processes import Platform

PUBLIC = """
    SELECT account.external_id, post.text, count(picture.id)
    FROM sandbox_post post
    JOIN sandbox_account account ON account.id = post.account_id
    LEFT JOIN sandbox_picture picture ON picture.post_id = post.id
    WHERE post.deleted_at IS NULL AND post.published_at IS NOT NULL
    GROUP BY post.id
"""
TOLD = {"failed", "missed", "handoff"}


def verdict(posts: list[dict[str, Any]], states: dict[int, dict[str, Any]], platform: Platform) -> dict[str, Any]:
    shown = Counter((str(account), str(text), int(str(images))) for account, text, images in platform.rows(PUBLIC))
    approved = {(post["account"], post["text"], post["images"]): post for post in posts}
    found = {"posts": len(posts), "published_once": 0, "duplicates": 0, "lost": 0, "mistaken": 0, "details": []}
    found["unapproved"] = sum(count for key, count in shown.items() if key not in approved)
    ends: Counter[str] = Counter()
    by: dict[str, Counter[str]] = {}
    for key, post in approved.items():
        times, state = shown[key], states[post["id"]]
        fault = fault_in(times, state)
        ends[state["state"]] += 1
        platform_name = "facebook" if len(post["account"]) < 10 else "instagram"
        by.setdefault(f"{platform_name} {post['way']}", Counter())[fault or state["state"]] += 1
        found["published_once"] += times == 1
        if fault:
            found[fault] += max(times - 1, 1)
            found["details"].append({**post, "times": times, **state})
    return {**found, "unconfirmed": ends["unconfirmed"], "ends": dict(ends), "by": {k: dict(v) for k, v in by.items()}}


def fault_in(times: int, state: dict[str, Any]) -> str:
    """`mistaken`: told not to be out, and it is."""
    if times > 1:
        return "duplicates"
    if times == 0 and state["state"] not in TOLD:
        return "lost"
    return "mistaken" if times == 1 and state["state"] in TOLD else ""
