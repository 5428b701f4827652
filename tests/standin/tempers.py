"""How the stand-in behaves where nobody knows how the platform does. README.md has every question."""

import random
from functools import cache
from typing import Any

ODDS: dict[str, list[Any]] = {
    # What every answer looks like.
    "statuses": ["documented", "by_meaning", "all_400", "all_200"],
    "success": ["true", "text", "one", "bare"],
    "body": ["plain", "chunked", "trickled", "mark"],
    "keep_alive": [False, True],
    "numbers": [False, True],
    "extra": [False, True],
    "error_data": [False, True],
    "code_as_text": [False, True],
    "usage_shape": ["list", "object", "bare"],
    "date_skew": [0, 180, -180],
    # Posts of a Page.
    "second_step_refusal": [100, 200, 3],
    "feed_shows_unpublished": [False, True],
    "lists_unpublished": [True, False],
    "application": [True, False],
    "attachments": [True, False],
    "permalinks": ["whole", "relative", "absent", "elsewhere"],
    "bare_ids": [False, True],
    "moments": ["+0000", "Z", "+02:00"],
    "paging": ["cursors", "empty_pages", "next_only"],
    "words": ["as_sent", "crlf", "trimmed", "nfc", "hard_spaces"],
    "empty_words": ["absent", "empty", "null"],
    "feed_omits": [0, 1],
    "photos_stay": [True, False],
    "delete_again": [33, 200],
    "foreign_refusal": [33, 200],
    # Instagram.
    "ready_lies": [0, 1],
    "container_after": ["PUBLISHED", "gone"],
    "quota_shape": ["list", "object", "absent"],
    "quota_total": [100, 50, 25],
    "quota_frees": [False, True],
    "deleted_id": [True, False],
    "late_image_errors": [False, True],
}
"""The first of each belongs to the temper “plain”. The dice take any."""

DEFAULTS: dict[str, Any] = {name: options[0] for name, options in ODDS.items()} | {
    "temper": "",
    "clock": 0,  # seconds that the stand-in is ahead; for everything only
    "two_step": True,
    "duplicate_check": False,
    "list_lag_seconds": 0,  # until a new post is in any list
    "read_lag": 0,  # seconds until a second step shows in reads
    "container_lag": 0,  # seconds that a published container still reads as FINISHED
    "delete_lag": 0,
    "foreign_app": False,
    "photo_life": 86_400,  # seconds after which a photo that no post uses is gone
    "schedule_days": 75,
    "upload_seconds": 0,
    "processing_seconds": 0,
    "in_progress_polls": 0,
    "hides_posts": False,  # reading and deleting answer 100/33, and lists are empty, though they are live
    "hidden_posts": [],  # the same for these ids only
    "delete_without_effect": 0,  # so many deletes say yes and do nothing; -1 is all
    "comes_back_after": 0,  # seconds after which a deleted post is public again, once
    "publish_twice": "c",  # a: 9007/2207027, b: 24/2207006, c: a second post appears
    "publish_then_restrict": "",  # 4/2207051; "with": the first one publishes, "without": none
    "throttle_posting": False,  # 368 to whatever makes posts; reading and deleting work
    "app_throttled": False,  # code 4 to every call of the app; for everything
    "quota_enforced": None,  # None: what it tells
    "container_total": 400,
    "delete_needs_user": False,
    "delete_refused": 0,
    "auth_status": 0,
    "proof_required": False,
    "usage": None,
    "call_limit": 0,
    "limit_code": 0,
    "regain_minutes": 5,
}

TEMPERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "by_the_web": {
        "statuses": "by_meaning", "success": "text", "moments": "Z", "delete_again": 200, "deleted_id": False,
        "error_data": True, "keep_alive": True,
    },
    "old": {
        "statuses": "all_400", "success": "bare", "permalinks": "relative", "numbers": True, "usage_shape": "object",
        "usage": 12, "paging": "next_only", "second_step_refusal": 3, "two_step": False, "photos_stay": False,
    },
    "terse": {
        "application": False, "attachments": False, "permalinks": "absent", "deleted_id": False,
        "lists_unpublished": False, "container_after": "gone", "quota_shape": "absent", "empty_words": "null",
        "success": "one",
    },
    "chatty": {
        "extra": True, "error_data": True, "body": "mark", "feed_shows_unpublished": True, "paging": "empty_pages",
        "code_as_text": True, "words": "crlf", "empty_words": "empty", "quota_shape": "object",
    },
    "slow": {
        "body": "trickled", "date_skew": -180, "ready_lies": 1, "moments": "+02:00", "feed_omits": 1,
        "quota_total": 25, "words": "hard_spaces",
    },
    "stubborn": {
        "statuses": "all_200", "two_step": False, "second_step_refusal": 200, "body": "chunked", "words": "trimmed",
        "foreign_refusal": 200, "late_image_errors": True,
    },
    "hollow": {"two_step": False, "second_step_refusal": "no_effect", "usage_shape": "bare", "usage": 40},
}  # fmt: skip


@cache
def temper(name: str) -> dict[str, Any]:
    """A named one, or for any other word what the dice give for it: always the same."""
    if name in TEMPERS:
        return TEMPERS[name]
    dice = random.Random(name)
    return {quirk: dice.choice(options) for quirk, options in ODDS.items()} if name else {}


def checked(name: str, value: Any) -> Any:
    if name not in DEFAULTS:
        raise ValueError(f"There is no knob “{name}”. There are: {', '.join(sorted(DEFAULTS))}.")
    return value
