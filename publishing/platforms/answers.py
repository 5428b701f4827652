"""What the Graph API answered, made safe to store and to show, whatever came over the wire."""

import json
import re
from typing import Any
from urllib.parse import quote

from publishing.platforms.errors import number
from sophia.nesting import deeper_than

Answer = dict[str, Any]

DEPTH = 40
"""Levels of nesting. Graph's own answers have fewer than ten."""
WORDS, ADDRESS = 300, 500

UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
"""PostgreSQL takes no NUL, and UTF-8 no half of a surrogate pair."""
SECRETIVE = re.compile(r"[\w|.%~+/=-]{40,}")
TRACE = re.compile(r"[\w-]{1,64}", re.ASCII)
ID = re.compile(r"(?!\.+$)[!-.0-~]{1,100}")
"""Printable, without a slash, and not dots only: ids become part of a path."""
NO = {"false", "0"}
WEB = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


def answer_in(body: bytes, token: str) -> Answer:
    """Empty when it cannot be read. Every text is without `token`, every `id` is text that can be stored or empty,
    `data` is a list of objects or missing, and the numbers of an `error` fit their columns. Where `data` is a single
    object, as E2 has it, that stands under `object`. A bare `true` is `{"success": true}`."""
    answer = tame(parsed(body), token)
    if answer is True:
        return {"success": True}
    if not isinstance(answer, dict):
        return {}
    if isinstance(answer.get("data"), dict):
        answer["object"] = answer.pop("data")
    if "data" in answer:
        answer["data"] = objects(answer["data"])
    if isinstance(answer.get("error"), dict):
        answer["error"] = tame_error(answer["error"], token)
    return answer


def parsed(body: bytes) -> Any:
    """None when it is no JSON, or is nested deeper than `DEPTH`. A byte order mark before it is no part of it."""
    if deeper_than(DEPTH, body):
        return None
    try:
        return json.loads(body.decode("utf-8-sig"))
    except ValueError:
        return None


def tame(value: Any, token: str) -> Any:
    if isinstance(value, str):
        return without(token, UNSTORABLE.sub("", value))
    if isinstance(value, list):
        return [tame(item, token) for item in value]
    if isinstance(value, dict):
        tamed = {key: tame(item, token) for key, item in value.items()}
        return {**tamed, "id": identifier(tamed["id"])} if "id" in tamed else tamed
    return value


def without(token: str, text: str) -> str:
    return text.replace(token, "…").replace(quote(token, safe=""), "…")


def identifier(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    return str(value) if ID.fullmatch(str(value)) else ""


def objects(value: Any) -> list[Answer] | None:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else None


def tame_error(error: Answer, token: str) -> Answer:
    return {
        **error,
        "code": number(error.get("code")),
        "error_subcode": number(error.get("error_subcode")),
        "fbtrace_id": trace_id(error.get("fbtrace_id"), token),
    }


def trace_id(value: Any, token: str) -> str:
    """A trace id that is part of the token is no trace id. One that holds the token has lost it to an ellipsis."""
    kept = isinstance(value, str) and TRACE.fullmatch(value) and value not in token
    return value if kept else ""


def error_in(answer: Answer) -> Answer | None:
    error = answer.get("error")
    return error if isinstance(error, dict) and error["code"] is not None else None


def numbers(error: Answer | None) -> dict[str, Any]:
    if not error:
        return {}
    return {"code": error["code"], "subcode": error["error_subcode"], "trace_id": error["fbtrace_id"]}


def fulfilled(answer: Answer, needs: str) -> bool:
    """`{"success": false}` with HTTP 200 has been seen (platforms.md C1). Booleans are words and numbers too (A0)."""
    denied = str(answer.get("success")).lower() in NO
    return not answer.get("error") and not denied and answer.get(needs) not in (None, "", False)


def quotation(error: Answer) -> str:
    """The platform's words. Graph repeats a malformed token in them."""
    return SECRETIVE.sub("…", text_of(error.get("error_user_msg") or error.get("message")))[:WORDS].strip()


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def web_address(value: Any) -> str:
    """Empty for what is no link a person could safely click, or none that can be stored."""
    text = text_of(value)
    return text if len(text) <= ADDRESS and WEB.fullmatch(text) else ""
