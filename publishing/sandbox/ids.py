"""Numbers as Meta gives them out: 17 digits for Instagram and for photos, `{page}_{n}` for posts of a Page."""

import secrets

from publishing.sandbox.models import Account


def photo() -> str:
    return f"122{secrets.randbelow(10**14):014d}"


def container() -> str:
    return f"180{secrets.randbelow(10**14):014d}"


def media() -> str:
    return f"179{secrets.randbelow(10**14):014d}"


def page_post(page: Account) -> str:
    """Call this while the account's row is locked."""
    return f"{page.external_id}_{page.posts.count() + 1}"
