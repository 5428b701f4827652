"""Which hosts a channel may reach: never the house's own network, unless the administrator listed it."""

from django.conf import settings

from sophia.outside import Address, addresses_of, is_public

LIST_IT = "The administrator can list it in SOPHIA_NOTICE_HOSTS."


class Unreachable(Exception):  # noqa: N818
    """Sophia does not send there. The message is a sentence."""


def is_listed(host: str, port: int | None) -> bool:
    return bool({host.lower(), f"{host.lower()}:{port}"} & {name.lower() for name in settings.SOPHIA_NOTICE_HOSTS})


def require_listed(host: str, port: int | None) -> None:
    if not is_listed(host, port):
        raise Unreachable(f"Sophia may not send to {named(host, port)}. {LIST_IT}")


def require_public(host: str, port: int | None) -> list[Address]:
    """Listed, or on the internet by every address that its name stands for: these, for a name that is not listed."""
    if is_listed(host, port):
        return []
    try:
        found = addresses_of(host, port)
    except (OSError, UnicodeError):
        raise Unreachable(f"There is no host called {host}. Check how it is written.") from None
    if not all(is_public(address) for address in found):
        raise Unreachable(f"{named(host, port)} is inside a private network: Sophia does not send there. {LIST_IT}")
    return found


def named(host: str, port: int | None) -> str:
    return f"{host}:{port}" if port else host
