"""What a demo leaves in the database, found in one place. Everybody can read the password of its people."""

from functools import lru_cache

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.db.models import Q

from publishing.models import SocialAccount
from publishing.sandbox import marks

PASSWORD = "sophia"
"""Of everybody, and too short for the validators: only where the sandbox is, which never runs with DEBUG=False."""

PEOPLE = {"olga": "operator", "anna": "author", "vera": "viewer", "admin": "superuser"}
"""Their names, with what they are."""

ADDRESS = "{}@example.com"
TO_DO = (
    "Make yourself with manage.py createsuperuser, then run manage.py leave_demo --by YOU. "
    "Or give DATABASE_URL an empty database."
)


def people() -> list[User]:
    """Those who can sign in with the password of the demo, also where somebody has renamed them. Whoever was given a
    password of their own is a person like any other."""
    addresses = [ADDRESS.format(name) for name in PEOPLE]
    rows = User.objects.filter(Q(username__in=PEOPLE) | Q(email__in=addresses), is_active=True)
    return [person for person in rows.order_by("pk") if is_the_demos(person.password)]


@lru_cache(32)
def is_the_demos(stored: str) -> bool:
    """Slow on purpose, as each look at a password is: so once for each in a process."""
    return check_password(PASSWORD, stored)


def accounts() -> list[SocialAccount]:
    """Those whose token is of the sandbox. No platform knows it."""
    rows = SocialAccount.objects.select_related("client")
    return [account for account in rows if account.token.startswith(marks.TOKEN)]


def sentence() -> str:
    """What of a demo is here. Empty where nothing is."""
    found = []
    if names := [person.get_username() for person in people()]:
        found.append(f"{listed(names)} can sign in with the password of the demo")
    if number := len(accounts()):
        found.append(f"{number} account{' is' if number == 1 else 's are'} on the sandbox")
    return f"This desk still holds a demo: {', and '.join(found)}." if found else ""


def listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
