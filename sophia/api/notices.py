from typing import Any

from ninja import Query, Router

from sophia.api import paging, shapes, sight, values
from sophia.api.bearer import Asked, Bearer
from sophia.api.told import document

router = Router(tags=["Notices"])


class Narrowing(paging.Paging):
    kind: values.Name | None = None
    urgent: bool | None = None
    client: values.Id | None = None


@router.get("", auth=Bearer("notices:read"), response=shapes.Notices, summary="List notices")
def listed(request: Asked, asked: Query[Narrowing]) -> Any:
    rows = sight.notices(request.auth).filter(**asked.narrowing())
    return paging.page(request, rows, asked, lambda found: [document(each) for each in found])
