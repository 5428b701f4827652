"""Reads images from their public address, over the network, as the platform will. Never inside a transaction."""

import hashlib
import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from publishing.models import Image, Publication
from publishing.models.post import check_address
from publishing.platforms.graph import Direct, hanging_up

TIMEOUT = (5, 10)
PATIENCE = 10.0
"""Seconds for one image, however slowly it trickles in."""
ALTOGETHER = 20.0
"""Seconds for all images of a post."""
HOPS = 3


class Unreachable(Exception):  # noqa: N818
    """Its text says why, for people, and holds no address that could be used."""


@dataclass
class Fetching:
    """What one job fetches. A host that does not answer is asked once."""

    silent: str = ""

    def why_not(self, publication: Publication) -> str:
        """Why its images cannot be fetched. Empty: they can. The first that cannot is enough."""
        until = monotonic() + ALTOGETHER
        try:
            require_public(settings.SOPHIA_PUBLIC_URL)
            for picture in publication.framed():
                self.fetch(check_address(publication.pk, picture.image), picture.image, until)
        except Unreachable as why:
            return str(why)
        return ""

    def fetch(self, address: str, image: Image, until: float) -> None:
        if self.silent:
            raise Unreachable(self.silent)
        for _ in range(HOPS):
            seconds = min(PATIENCE, until - monotonic())
            if seconds <= 0:
                raise Unreachable(f"they took more than {ALTOGETHER:g} seconds altogether.")
            try:
                away = look_at(address, image, seconds)
            except (requests.RequestException, HTTPError):
                self.silent = f"{settings.SOPHIA_PUBLIC_URL} did not answer."
                raise Unreachable(self.silent) from None
            if not away:
                return
            address = away
        raise Unreachable("the address leads from one to the next without end.")


def look_at(address: str, image: Image, seconds: float) -> str:
    """Nothing when the image stands there, or where on the same host it leads to."""
    with Direct() as session:
        # With `auth`, so that a .netrc adds nothing.
        response = session.get(address, auth=lambda asked: asked, timeout=TIMEOUT, allow_redirects=False, stream=True)
        with response, hanging_up(response.raw.fileno(), seconds):
            if response.is_redirect:
                return same_host(address, response.headers["Location"])
            require_image(response, image)
    return ""


def same_host(address: str, location: str) -> str:
    away = urljoin(address, location)
    there, here = urlsplit(away), urlsplit(address)
    if there.hostname != here.hostname or there.scheme not in {"http", "https"}:
        raise Unreachable(f"the address leads away to {str(there.hostname)[:100]}.")
    return away


def require_image(response: requests.Response, image: Image) -> None:
    if response.status_code != 200:
        raise Unreachable(f"the address answers with HTTP {response.status_code}.")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()[:100]
    if kind != image.mime:
        raise Unreachable(f"the address answers with {kind or 'something'} instead of {image.mime}.")
    body = bytearray()
    for piece in response.iter_content(64 * 1024):
        body += piece
        if len(body) > image.size:
            break
    if hashlib.sha256(body).hexdigest() != image.sha256:
        raise Unreachable("other bytes than the approved ones are there.")


def require_public(address: str) -> None:
    """From this machine an address of this machine answers, and from the platform's it does not."""
    if is_private(address) and not is_private(settings.SOPHIA_GRAPH_URL):
        raise Unreachable(f"{address} is an address that only this machine, or its network, knows.")


def is_private(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    with suppress(ValueError):
        return not ipaddress.ip_address(host).is_global
    return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
