from typing import Any

from ninja import File, Router
from ninja.files import UploadedFile
from ninja.responses import Status

from publishing import images
from sophia import people
from sophia.api import shapes
from sophia.api.bearer import Asked, Bearer
from sophia.api.bodies import FORM

router = Router(tags=["Images"])


@router.post(
    "", auth=Bearer("drafts:write", takes=FORM), response={201: shapes.Image}, summary="Upload an image for drafts"
)
def upload(request: Asked, file: File[UploadedFile]) -> Any:
    """A JPEG or PNG. It is turned upright and stripped of metadata, and a draft names it by the hash of what is kept.
    The same image twice is kept once."""
    people.require(request.auth.person, people.SUBMIT, of=None)
    token = request.auth
    kept = images.store(file.read(images.MAX_UPLOAD + 1), file.name or "", by=token.person, token=token)
    return Status(201, {name: getattr(kept, name) for name in ("sha256", "mime", "width", "height", "size")})
