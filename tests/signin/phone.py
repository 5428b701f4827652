from base64 import b32decode

from django.utils import timezone
from django_otp.oath import TOTP


def code_of(factor, ahead=0):
    """What the phone shows so many seconds from now."""
    totp = TOTP(b32decode(factor.secret))
    totp.time = timezone.now().timestamp() + ahead
    return f"{totp.token():06}"
