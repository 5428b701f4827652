"""A transition of a state machine that is saved atomically, or not at all.

django-fsm changes memory only and checks nobody else's work. `saved_transition` locks the row, reads it again, lets
django-fsm judge the state as it is *now*, runs the body and saves, in one transaction. Of two people who decide at
once the second one reads what the first one did, and is told.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar, cast

from django.db import models, transaction
from django_fsm import TransitionNotAllowed, transition

from sophia.refusals import WrongState

Verb = TypeVar("Verb", bound=Callable[..., Any])


class Stateful(models.Model):
    class Meta:
        abstract = True

    def lock(self) -> None:
        """Hold this row until the surrounding transaction ends, and read it again. On SQLite the transaction
        itself is the lock (`transaction_mode` is IMMEDIATE). Rows that refer to this one can be added meanwhile."""
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(no_key=True))

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: models.QuerySet[Self] | None = None
    ) -> None:
        # FSMModelMixin opens the protected field on the class, for all threads, while it loads. We copy instead.
        if fields is not None:
            super().refresh_from_db(using, fields, from_queryset)
            return
        queryset = from_queryset if from_queryset is not None else type(self)._base_manager.all()
        fresh = queryset.get(pk=self.pk)
        for field in self._meta.concrete_fields:
            self.__dict__[field.attname] = fresh.__dict__[field.attname]
        for relation in list(self._state.fields_cache):
            self._state.fields_cache.pop(relation)
        self.__dict__.pop("_prefetched_objects_cache", None)

    def terms(self) -> dict[str, Any]:
        """What a history keeps of this row, for those that have one."""
        return {}

    def record(self, verb: str, found: dict[str, Any], who: Any) -> None:
        """Called at the end of every saved transition, in its transaction, with the terms that it found."""

    def refusal(self, verb: str) -> str:
        """The sentence for a person whose verb came too late, or too early."""
        label = self._meta.verbose_name
        return f"Cannot {verb.replace('_', ' ')} {label} {self.pk}: it is {self.get_state_display()}."  # type: ignore[attr-defined]


def saved_transition(
    field: Any, source: Any, target: Any, conditions: Sequence[Callable[[Any], bool]] = ()
) -> Callable[[Verb], Verb]:
    """A verb that moves `field` from `source` to `target`. WrongState, and nothing saved, from any other state."""

    def decorate(body: Verb) -> Verb:
        step = transition(field=field, source=source, target=target, conditions=list(conditions))(body)

        @functools.wraps(step)
        def verb(self: Any, *args: Any, **kwargs: Any) -> Any:
            with transaction.atomic():
                self.lock()
                found = self.terms()
                try:
                    result = step(self, *args, **kwargs)
                except TransitionNotAllowed:
                    raise WrongState(self.refusal(body.__name__)) from None
                self.save()
                self.record(body.__name__, found, kwargs.get("by"))
            return result

        return cast(Verb, verb)

    return decorate
