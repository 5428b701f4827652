"""The seal: a keyed code over a statement, which names what it is about, its version, and every fact by its name.

It is compared with the one over what the rows say now; nothing is read out of it. A row that was changed or copied
behind Sophia's back has no seal that fits. SECRET_KEY_FALLBACKS are honoured, so that keys can be rotated.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "publishing.seal"
VERSION = 2
MARK = f"{VERSION}:"
"""How seals over a named statement begin. Those of before have none."""


def statement(of: str, **facts: Any) -> str:
    """Canonical JSON: no two sets of facts have the same statement, and each kind of statement has its own name."""
    return canonical({"of": of, "version": VERSION, "facts": facts})


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=instant)


def instant(value: object) -> str:
    """Moments are told in UTC, to the microsecond."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{value!r} has no place in a statement.")


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def make(statement: str) -> str:
    return MARK + code(statement, settings.SECRET_KEY)


def fits(seal: str, statement: str) -> bool:
    return any(constant_time_compare(seal, MARK + code(statement, key)) for key in keys())


def code(statement: str, key: str) -> str:
    return salted_hmac(SALT, statement, secret=key, algorithm="sha256").hexdigest()


def keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def is_earlier(seal: str) -> bool:
    """Made by a Sophia whose statements had no names."""
    return not seal.startswith(MARK)


def fits_earlier(seal: str, statement: str) -> bool:
    return any(constant_time_compare(seal, Signer(key=key, salt=SALT).signature(statement)) for key in keys())


def holds(seal: str, statement: str, earlier: str) -> bool:
    """`earlier`: the same facts as they were told before statements had names."""
    return fits_earlier(seal, earlier) if is_earlier(seal) else fits(seal, statement)
