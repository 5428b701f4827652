"""Which day a moment lies on, for a database that knows no days of ours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Func, IntegerField


class Between(Func):
    """The number of the last of `starts`, which are in order, that is not after `moment`. One expression: a `Case` of
    as many parts takes Django longer to write than the database to answer."""

    def __init__(self, moment: F, starts: Sequence[datetime]):
        super().__init__(moment, output_field=IntegerField())
        self.starts = starts

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> Any:
        moment, given = compiler.compile(self.source_expressions[0])
        parts, params = [], list[Any]()
        for number, end in enumerate(self.starts[1:]):
            parts.append(f"WHEN {moment} < %s THEN {number}")
            params += [*given, connection.ops.adapt_datetimefield_value(end)]
        return f"CASE {' '.join(parts)} ELSE {len(parts)} END" if parts else "0", params
