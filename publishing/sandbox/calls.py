"""One request to the sandbox, read the way the Graph API reads it (platforms.md A0 and H1)."""

import json
import re
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict

from publishing.sandbox.errors import invalid
from publishing.sandbox.models import Account, Token

AUTHORIZATION = re.compile(r"(?:Bearer|OAuth)\s+(\S+)", re.IGNORECASE)
SECRET = {"access_token", "appsecret_proof", "input_token", "client_secret", "fb_exchange_token"}
INDEXED = re.compile(r"(\w+)\[(\d+)\](?:\[(\w+)\])?")
YES, NO = {"true", "1", "yes"}, {"false", "0", "no"}


class Call:
    """`account` is whose call it is, once that is known. `token` too."""

    account: Account | None = None
    token: Token

    def __init__(self, request: HttpRequest, path: str, version: str = ""):
        self.request = request
        self.method = request.method or "GET"
        self.path = path.strip("/")
        self.version = version
        self.query = request.GET.dict()
        self.body = self._read_body()
        self.params: dict[str, Any] = {**self.query, **self.body}
        self.files: dict[str, Any] = request.FILES.dict() if self.method == "POST" else {}

    def _read_body(self) -> dict[str, Any]:
        kind = self.request.content_type
        if kind == "application/json":
            return self._read_json()
        if self.method == "POST":
            return self.request.POST.dict()
        if kind == "application/x-www-form-urlencoded":
            return QueryDict(self.request.body).dict()
        return {}

    def _read_json(self) -> dict[str, Any]:
        """An unreadable body holds no parameters, as with the real one."""
        try:
            body = json.loads(self.request.body or b"{}")
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    @cached_property
    def header_token(self) -> str:
        found = AUTHORIZATION.fullmatch(self.request.headers.get("Authorization", "").strip())
        return found[1] if found else ""

    @property
    def token_value(self) -> str:
        return self.header_token or str(self.params.get("access_token") or "")

    @property
    def token_in(self) -> str:
        """An address is the worst place for a token, so that is told even when the token is elsewhere too."""
        if "access_token" in self.query:
            return "query"
        if "access_token" in self.body:
            return "body"
        return "header" if self.header_token else "none"

    @property
    def harmless(self) -> dict[str, Any]:
        """The parameters for the log."""
        values = {name: "…" if name in SECRET else cut(value) for name, value in self.params.items()}
        return values | {name: f"<{file.size} bytes>" for name, file in self.files.items()}

    def absolute(self, path: str) -> str:
        return self.request.build_absolute_uri(path)

    def text(self, name: str) -> str:
        value = self.params.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name).lower()
        if value in YES | NO:
            return value in YES
        if value:
            raise invalid(f"Param {name} must be a boolean")
        return default

    def number(self, name: str, default: int) -> int:
        value = self.text(name) or str(default)
        if not value.isascii() or not value.isdigit():
            raise invalid(f"Param {name} must be a whole number")
        return int(value)

    def moment(self, name: str) -> datetime | None:
        """Unix seconds or ISO 8601."""
        value = self.text(name)
        if not value:
            return None
        try:
            found = datetime.fromtimestamp(int(value), UTC) if value.isdigit() else datetime.fromisoformat(value)
        except (ValueError, OverflowError, OSError):
            raise invalid(f"Param {name} must be a time") from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def listed(self, name: str) -> list[Any]:
        """A JSON body's list, a list written as JSON, words with commas, or `name[0]=…` (H10)."""
        value = self.params.get(name)
        if value is None:
            return self._indexed(name)
        if isinstance(value, list):
            return [decoded(item) for item in value]
        whole = decoded(value)
        if isinstance(whole, list):
            return whole
        return [part.strip() for part in str(value).split(",") if part.strip()]

    def _indexed(self, name: str) -> list[Any]:
        items: dict[int, Any] = {}
        for key, value in self.params.items():
            found = INDEXED.fullmatch(key)
            if found and found[1] == name:
                number = int(found[2])
                items[number] = {**items.get(number, {}), found[3]: value} if found[3] else decoded(value)
        return [items[number] for number in sorted(items)]


def decoded(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip().startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def cut(value: Any) -> Any:
    """Short enough for a log."""
    if isinstance(value, str) and len(value) > 500:
        return value[:500] + "…"
    return value
