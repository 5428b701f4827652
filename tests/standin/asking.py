"""One request, with its parameters from wherever they stand (platforms.md A0)."""

import json
import re
from datetime import UTC, datetime
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.standin.refusals import invalid
from tests.standin.world import Account, Token

VERSION = re.compile(r"^v\d+\.\d+/")
BEARER = re.compile(r"(?:Bearer|OAuth)\s+(\S+)", re.IGNORECASE)
INDEX = re.compile(r"(\w+)\[(\d+)\]")
NAME = re.compile(rb'\bname="([^"]*)"')
FILE = re.compile(rb"\bfilename=")
SECRET = {"access_token", "input_token", "appsecret_proof", "client_secret", "fb_exchange_token"}


class Call:
    account: Account | None = None
    token: Token
    trouble: tuple[int, str] | None = None
    """What is wrong with an image, where that is told later."""

    def __init__(self, method: str, address: str, headers: Message, body: bytes):
        parts = urlsplit(address)
        self.method, self.headers, self.raw = method, headers, body
        self.path = VERSION.sub("", parts.path.strip("/"))
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.files: dict[str, bytes] = {}
        self.body = self._read()
        self.params: dict[str, Any] = {**self.query, **self.body}

    def _read(self) -> dict[str, Any]:
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/"):
            return self._multipart(kind)
        if kind.startswith("application/json"):
            return self.json()
        return dict(parse_qsl(self.raw.decode(errors="replace"), keep_blank_values=True))

    def json(self) -> dict[str, Any]:
        try:
            body = json.loads(self.raw or b"{}")
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    def _multipart(self, kind: str) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        boundary = kind.partition("boundary=")[2].strip('"').encode()
        for part in self.raw.split(b"--" + boundary)[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            found = NAME.search(head)
            name, value = (found[1].decode() if found else ""), content.removesuffix(b"\r\n")
            if FILE.search(head):
                self.files[name] = value
            else:
                fields[name] = value.decode(errors="replace")
        return fields

    @property
    def bearer(self) -> str:
        found = BEARER.fullmatch(self.headers.get("Authorization", "").strip())
        return found[1] if found else ""

    @property
    def token_value(self) -> str:
        return self.bearer or str(self.params.get("access_token") or "")

    @property
    def token_in(self) -> str:
        if "access_token" in self.query:
            return "query"
        return "body" if "access_token" in self.body else "header" if self.bearer else "none"

    @property
    def harmless(self) -> dict[str, Any]:
        kept = {name: "…" if name in SECRET else value for name, value in self.params.items()}
        return kept | {name: f"<{len(data)} bytes>" for name, data in self.files.items()}

    def text(self, name: str) -> str:
        value = self.params.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name).lower() or str(default).lower()
        if value not in {"true", "false", "1", "0"}:
            raise invalid(f"Param {name} must be a boolean")
        return value in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        value = self.text(name) or str(default)
        if not value.isdecimal():
            raise invalid(f"Param {name} must be an integer")
        return int(value)

    def moment(self, name: str) -> datetime | None:
        value = self.text(name)
        if not value:
            return None
        try:
            found = datetime.fromtimestamp(int(value), UTC) if value.isdecimal() else datetime.fromisoformat(value)
        except (ValueError, OverflowError):
            raise invalid(f"Param {name} must be a time") from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def items(self, name: str) -> list[Any]:
        """A JSON list, words with commas, or `name[0]=…`."""
        if name in self.params:
            whole = loaded(self.params[name])
            return whole if isinstance(whole, list) else [each for each in str(whole).split(",") if each]
        found = {int(key[2]): loaded(value) for each, value in self.params.items() if (key := named(each, name))}
        return [found[place] for place in sorted(found)]


def named(key: str, name: str) -> re.Match[str] | None:
    found = INDEX.fullmatch(key)
    return found if found and found[1] == name else None


def loaded(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in {"[", "{"} else value
    except ValueError:
        return value
