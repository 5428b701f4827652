"""Are today's keys the ones that this database was written with?

Without the check a wrong FIELD_ENCRYPTION_KEY is found out by the first post that fails, and by then new secrets are
written with it; and with a wrong SECRET_KEY each post fails at its time, as changed since its approval. The desk keeps
one word, signed and then encrypted with the keys it was last written with.
"""

from cryptography.fernet import InvalidToken
from django.core.signing import BadSignature, Signer
from django.db import DatabaseError, connection
from encrypted_model_fields import fields

from sophia import keys
from sophia.models import Desk
from sophia.refusals import Refused

SALT = "sophia.canary"
WORD = "canary"
WRONG_KEY = "FIELD_ENCRYPTION_KEY is not the key that {} was written with. Put that key back, behind any new one."
WRONG_SECRET = "SECRET_KEY is not the key that {} was sealed with. Put that key back, or into SECRET_KEY_FALLBACKS."
UNFINISHED = "sophia_restoring"
"""The table that says that a restore was begun in this database and has not ended (backup/postgres.py)."""
HALF = "A restore of this database was begun and has not ended. Run manage.py restore once more, with --replace."


def encrypted() -> str:
    return str(fields.CRYPTER.encrypt(signed().encode()).decode())


def opened(word: str) -> str | None:
    """None when no key of today opens it."""
    try:
        return str(fields.CRYPTER.decrypt(word.encode()).decode())
    except InvalidToken:
        return None


def signed() -> str:
    return Signer(salt=SALT).sign(WORD)


def is_ours(signature: str) -> bool:
    try:
        return Signer(salt=SALT).unsign(signature) == WORD
    except BadSignature:
        return False


def require_known_keys() -> None:
    """Refused with one sentence. A database that is not there, or not migrated yet, is for others to tell."""
    try:
        if UNFINISHED in connection.introspection.table_names():
            raise Refused(HALF)
        word = Desk.objects.filter(pk=Desk.ONLY).values_list("canary", flat=True).first()
    except DatabaseError:
        return
    if word:
        require_ours(word, "this database")


def require_ours(word: str, of: str) -> None:
    signature = opened(word)
    if signature is None:
        raise Refused(WRONG_KEY.format(of))
    if not is_ours(signature):
        raise Refused(WRONG_SECRET.format(of))


def leave() -> None:
    """On each start of `serve`, in its transaction: a desk from before the canary gets one."""
    if not Desk.lock().canary:
        if keys.strangers():
            raise Refused(WRONG_KEY.format("this database"))
        renew()


def renew() -> None:
    """With the first of today's keys, once nothing needs another one any more."""
    Desk.objects.filter(pk=Desk.here().pk).update(canary=encrypted())
