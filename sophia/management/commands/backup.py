from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sophia.backup import making
from sophia.command import DeskCommand


class Command(DeskCommand):
    help = (
        "Writes one archive with the database, the images and their sums, while Sophia runs. It holds no keys: keep "
        ".env elsewhere. Never overwrites."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", metavar="FILE|FOLDER", type=Path, help="In a folder it gets a name of its own.")

    def handle(self, *args: Any, **options: Any) -> None:
        made = making.make(options["target"])
        manifest = made.manifest
        images = sum(name.startswith("images/") for name in manifest.parts)
        document = {
            "file": str(made.path),
            "bytes": made.size,
            "taken_at": manifest.taken_at,
            "publications": manifest.counts["publishing_publication"],
            "images": images,
            "images_missing": manifest.images_missing,
        }
        lines = [f"{made.path}: {made.size / 2**20:.1f} MB, {document['publications']} publications, {images} images."]
        lines += [f"The file of image {sha256} is gone: it is not in the backup." for sha256 in manifest.images_missing]
        self.answer(options, document, lines)
