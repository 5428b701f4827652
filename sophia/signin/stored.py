"""Sessions as Django keeps them in the database, but under a keyed hash of what the browser holds.

Whoever reads the database, or a backup of it, has no cookie that signs anybody in.
"""

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import salted_hmac

SALT = "sophia.signin.stored"
LENGTH = 40
"""Of the column: 160 bits."""


def at_rest(key: str, secret: str | None = None) -> str:
    return salted_hmac(SALT, key, secret=secret, algorithm="sha256").hexdigest()[:LENGTH]


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = self.find(self.session_key or "")
        if found is None:
            self._session_key = None
        return found

    def find(self, key: str) -> Session | None:
        """Under the name that SECRET_KEY gives it. One that an earlier key named is renamed, and outlives that key."""
        fresh = at_rest(key)
        rows = Session.objects.filter(expire_date__gt=timezone.now())
        for secret in settings.SECRET_KEY_FALLBACKS:
            if not rows.filter(pk=fresh).exists():
                rows.filter(pk=at_rest(key, secret)).update(session_key=fresh)
        return rows.filter(pk=fresh).first()

    def exists(self, session_key: str) -> bool:
        return super().exists(at_rest(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.session_key = at_rest(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(at_rest(key))

    # Django writes each verb twice. Those that wait are made of those that do not, so that none goes by the plain key.
    async def _aget_session_from_db(self) -> Session | None:
        return await sync_to_async(self._get_session_from_db)()

    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    async def acreate_model_instance(self, data: dict[str, Any]) -> Any:
        return await sync_to_async(self.create_model_instance)(data)

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)
