"""What stands in a log, and what does not belong there."""

import json
import logging
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings

from sophia.tracing import subject

NAMES = "access_token|input_token|client_secret|appsecret_proof|password"
SECRETS = (
    (re.compile(r"(?i)/(c|calendar/feeds)/[^/\s]+"), r"/\1/…"),
    (re.compile(rf"(?i)((?:{NAMES})[\"']?\s*[=:]\s*[\"']?)[^\s&\"',}}]+"), r"\1…"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"), r"\1 …"),
    (re.compile(r"sophia_[A-Za-z0-9_-]{43}"), "sophia_…"),
    (re.compile(r"\bEAA[A-Za-z0-9]{16,}"), "…"),
    (re.compile(r"gAAAA[A-Za-z0-9_=-]{20,}"), "…"),
    (re.compile(r"://[^/\s:@]*:[^/\s@]+@"), "://…@"),
)
"""Client and calendar links, tokens as Sophia and platforms write them, encrypted fields, passwords in addresses."""


def scrub(text: str) -> str:
    for secret in own_secrets():
        text = text.replace(secret, "…")
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


@cache
def own_secrets() -> tuple[str, ...]:
    """Those of the settings, wherever they turn up."""
    named = (settings.SECRET_KEY, settings.SOPHIA_APP_SECRET, settings.SOPHIA_METRICS_TOKEN, settings.SOPHIA_PING_URL)
    found = (*named, *settings.SECRET_KEY_FALLBACKS, *settings.FIELD_ENCRYPTION_KEY)
    return tuple(secret for secret in found if len(secret) >= 8)


class Plain(logging.Formatter):
    """A line for people, and below it what went wrong."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


class Json(logging.Formatter):
    """A JSON object in one line, for programs: what happened, and what it is about."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(record.getMessage()),
            **subject(),
        }
        if record.exc_info:
            line["exception"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


class Suspicious(logging.Filter):
    """What Django turns away, such as a request for another host, is one line: anybody causes as many as they like."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info, record.exc_text = None, None
        return True


class Quoting(logging.Filter):
    """Keeps out what the package mcp says without a name: it quotes what the other side sent, whole, and that may be a
    token or a draft (mcp/shared/session.py)."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "/mcp/" not in record.pathname


def configuration(form: str, level: str) -> dict[str, Any]:
    """`form` is plain or json. `level` is of everything that is not Sophia."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"()": Plain, "fmt": "{asctime} {levelname} {name}: {message}", "style": "{"},
            "json": {"()": Json},
        },
        "filters": {"quoting": {"()": Quoting}, "suspicious": {"()": Suspicious}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["suspicious"]},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["console"], "level": level, "filters": ["quoting"]},
        "loggers": LOGGERS,
    }


LOGGERS = {
    "sophia": {"level": "INFO"},
    "publishing": {"level": "INFO"},
    "approval": {"level": "INFO"},
    # Without the handlers that Django gives it, which would say everything again, secrets included.
    "django": {"handlers": [], "level": "NOTSET"},
    # uvicorn has set up its own, which would say in their way what is said here in ours.
    "uvicorn": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    "uvicorn.error": {"level": "WARNING"},
    "uvicorn.access": {"handlers": ["nowhere"], "propagate": False},
    # They log addresses of channels, which are secrets. What went wrong stands at the subscription.
    "apprise": {"handlers": ["nowhere"], "level": "DEBUG", "propagate": False},
    # It logs what servers wrote, and that may hold a token: publishing.platforms.through_mcp. By its level, because
    # Sentry hears what no handler does.
    "mcp.client": {"level": "CRITICAL", "handlers": ["nowhere"], "propagate": False},
    # At DEBUG it would write addresses, and some have a secret in them: channels, platforms.meta.inspect.
    "urllib3": {"level": "INFO"},
}
