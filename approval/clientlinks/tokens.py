"""The secret part of a client link. It is shown once and kept only as a hash: whoever reads the database has no link.

The secret is signed, so that a guess is turned away before anything is looked up. SECRET_KEY_FALLBACKS are honoured.
"""

import hashlib
import secrets

from django.core.signing import BadSignature, Signer

SALT = "approval.clientlink"
SEPARATOR = "."


def fresh() -> tuple[str, str]:
    """A new token for the address, and its fingerprint for the database."""
    secret = secrets.token_urlsafe(32)
    return Signer(salt=SALT, sep=SEPARATOR).sign(secret), fingerprint(secret)


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def read(token: str) -> str | None:
    """The fingerprint that belongs to a token, or None for one that Sophia never made."""
    try:
        return fingerprint(Signer(salt=SALT, sep=SEPARATOR).unsign(token))
    except BadSignature:
        return None
