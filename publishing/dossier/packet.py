"""The proof-of-approval packet: one HTML file that needs nothing else, and the same as JSON."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from publishing.dossier import collect
from publishing.models import Image, Publication


class Encoder(DjangoJSONEncoder):
    """Django's own drops the microseconds, which the seal is over."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


@dataclass(frozen=True)
class Dossier:
    document: dict[str, Any]
    files: list[bytes | None]
    """The bytes of each image as they are now. None: there is no such file."""

    @classmethod
    def of(cls, publication: Publication, *, by: User | None = None) -> "Dossier":
        files = [bytes_of(picture.image) for picture in publication.framed()]
        return cls(collect.document(publication, files, by=by), files)

    @property
    def name(self) -> str:
        return f"dossier-{self.document['publication']['id']}"

    def json(self) -> str:
        return json.dumps(self.document, cls=Encoder, indent=2)

    def html(self) -> str:
        context = {"d": self.document, "pictures": self.pictures(), "name": self.name, "json": self.embedded()}
        return render_to_string("publishing/dossier.html", context)

    def pictures(self) -> list[tuple[dict[str, Any], str]]:
        """Each image with its bytes as an address. No address for what is not the approved file."""
        return [
            (image, data_uri(image["mime"], data) if data and image["file"] == collect.INTACT else "")
            for image, data in zip(self.document["images"], self.files, strict=True)
        ]

    def embedded(self) -> str:
        return data_uri("application/json", self.json().encode())


def bytes_of(image: Image) -> bytes | None:
    try:
        return image.read()
    except OSError:
        return None


def data_uri(mime: str, data: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"
