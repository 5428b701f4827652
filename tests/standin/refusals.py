"""The refusals, with HTTP statuses that depend on the account's temper (platforms.md A7, B, C)."""

import json
import secrets
from typing import Any

DOCUMENTED = {1: 500, 2: 503, 4: 403, 200: 403}
BY_MEANING = {
    1: 500, 2: 503, 3: 403, 4: 429, 9: 429, 10: 403, 17: 429, 24: 404, 32: 429, 102: 401, 104: 401, 190: 401, 200: 403,
    341: 429, 368: 403, 506: 409, 613: 429, 803: 404, 9007: 425, 80001: 429, 80002: 429,
}  # fmt: skip
TRANSIENT = {1, 2, 4, 17, 32, 613, 80001, 80002}


class Refusal(Exception):  # noqa: N818
    def __init__(self, code: int, message: str, subcode: int | None = None, **more: Any):
        super().__init__(message)
        self.code, self.message, self.subcode, self.more = code, message, subcode, more

    def status(self, temper: dict[str, Any]) -> int:
        if self.more.get("status"):
            return int(self.more["status"])
        if self.code == 190 and temper["auth_status"]:
            return int(temper["auth_status"])
        if temper["statuses"].startswith("all_"):
            return int(temper["statuses"].removeprefix("all_"))
        if temper["statuses"] == "by_meaning":
            return 404 if self.subcode == 33 else BY_MEANING.get(self.code, 400)
        return DOCUMENTED.get(self.code, 400)

    def as_json(self, temper: dict[str, Any]) -> dict[str, Any]:
        kind = self.more.get("kind", "OAuthException")
        code: Any = str(self.code) if temper["code_as_text"] else self.code
        error = {"message": self.message, "type": kind, "code": code, "fbtrace_id": "A" + secrets.token_urlsafe(9)}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["is_transient"] = self.more.get("transient", self.code in TRANSIENT)
        if temper["error_data"]:
            error["error_data"] = json.dumps({"blame_field_specs": [[""]]})
        return {"error": error}


def missing(method: str, node: str) -> Refusal:
    """Gone, invisible or somebody else's: the answer is the same."""
    said = (
        f"Unsupported {method.lower()} request. Object with ID '{node}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation."
    )
    return Refusal(100, said, 33, kind="GraphMethodException")


def invalid(what: str, subcode: int | None = None) -> Refusal:
    return Refusal(100, f"(#100) {what}", subcode)


def no_field(name: str) -> Refusal:
    return invalid(f"Tried accessing nonexisting field ({name})")


def lacks(scope: str) -> Refusal:
    if scope == "pages_manage_posts":
        return Refusal(200, "(#200) Posting to a Page requires pages_read_engagement and pages_manage_posts")
    return Refusal(10, f"(#10) Application does not have permission for this action: {scope}")


def bad_token(subcode: int | None = None) -> Refusal:
    return Refusal(190, "Error validating access token", subcode)


RESTRICTED = Refusal(4, "Application request limit reached: the action is restricted", 2207051)
BLOCKED = Refusal(368, "The action attempted has been deemed abusive or is otherwise disallowed")
BUSY = Refusal(4, "(#4) Application request limit reached")
NOT_READY = Refusal(9007, "Media ID is not available", 2207027)
NOT_FOUND = Refusal(24, "The requested resource does not exist", 2207006)
EXPIRED = Refusal(24, "The requested resource does not exist", 2207008)
QUOTA = Refusal(9, "Application request limit reached", 2207042)
CAROUSEL = Refusal(100, "Invalid parameter", 2207028)
NO_IMAGE = Refusal(324, "(#324) Missing or invalid image file", 2069019)
