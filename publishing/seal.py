"""The seal of an approval: a keyed signature over what was approved, by whom, when, and in which publication.

It is made in one place (`Publication.objects.schedule`) and checked before anything is sent. A row that was changed or
copied behind Sophia's back has no seal that fits. SECRET_KEY_FALLBACKS are honoured, so that keys can be rotated.
"""

from django.core.signing import BadSignature, Signer

SALT = "publishing.seal"


def make(statement: str) -> str:
    return Signer(salt=SALT).signature(statement)


def fits(seal: str, statement: str) -> bool:
    signer = Signer(salt=SALT)
    try:
        signer.unsign(f"{statement}{signer.sep}{seal}")
    except BadSignature:
        return False
    return True
