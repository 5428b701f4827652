from collections.abc import Sized
from urllib.parse import urlsplit

from django import template

register = template.Library()


@register.filter
def host(address: str) -> str:
    """`www.example.org/x` as it stands above a link card: example.org."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


@register.filter
def grid(pictures: Sized) -> int:
    """How many places the grid shows: five at most, the last one says how many more there are."""
    return min(len(pictures), 5)
