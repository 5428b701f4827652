"""Reads settings. A wrong value stops the start with one sentence."""

import re
import shlex
from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from sophia import durations

env = environ.Env()


def text(name: str, default: str = "") -> str:
    """An empty value in .env means the default."""
    return str(env.str(name, "")).strip() or default


def like(name: str, default: str, pattern: str) -> str:
    value = text(name, default)
    if not re.fullmatch(pattern, value):
        raise ImproperlyConfigured(f"{name} cannot be “{value}”. .env.example shows what it takes.")
    return value


def secret(name: str, pattern: str) -> str:
    """Not repeated when it is wrong: what stops the start stands in a log."""
    value = text(name)
    if not re.fullmatch(pattern, value):
        raise ImproperlyConfigured(f"{name} cannot be what it is. .env.example shows what it takes.")
    return value


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def duration(name: str, default: str) -> timedelta:
    try:
        return durations.parse(text(name, default))
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name}: {wrong}") from None


def duration_list(name: str, default: str) -> list[timedelta]:
    try:
        return durations.parse_list(text(name, default))
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name}: {wrong}") from None


def whole_number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise ImproperlyConfigured(f"{name} must be a whole number above zero, not “{value}”.")
    return int(value)


def yes_or_no(name: str, default: str = "0") -> bool:
    value = text(name, default).lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not “{value}”.")
    return value in {"1", "true", "yes", "on"}


def command(name: str) -> list[str]:
    """A program with its arguments, as a shell would part them. No shell runs it."""
    try:
        return shlex.split(text(name))
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name} is no command: {wrong}.") from None


def folder(name: str) -> str:
    value = text(name)
    if value and not Path(value).is_absolute():
        raise ImproperlyConfigured(f"{name} must be a folder's whole path, not “{value}”.")
    return value


def web_address(name: str, default: str) -> str:
    value = text(name, default).rstrip("/")
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name} must start with http:// or https://, not “{value}”.")
    return value


def is_typed(key: str) -> bool:
    """Whether a Fernet key was typed, not drawn: 32 random bytes are never all letters."""
    return all(32 <= byte < 127 for byte in urlsafe_b64decode(key))


def is_weak(key: str) -> bool:
    """Too short, of too few signs, or one of those that stand in examples and tests."""
    return len(key) < 50 or len(set(key)) < 10 or any(word in key for word in ("insecure", "only-for-tests", "change"))


def fernet_keys() -> list[str]:
    keys = words("FIELD_ENCRYPTION_KEY")
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEY is not set. Run bin/setup, which writes a fresh one to .env.")
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(
                "FIELD_ENCRYPTION_KEY must hold Fernet keys: 32 bytes in URL-safe base64."
            ) from None
    return keys
