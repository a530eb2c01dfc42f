"""`twg__among={3, 5}`: rows whose key, or whose reference, is one of a few numbers.

As `__in`, with the numbers written into the statement: they are keys that the database gave, asked for dozens of times
on one page, and `__in` prepares and binds each of them each time.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BigAutoField, ForeignKey, Lookup


@BigAutoField.register_lookup
@ForeignKey.register_lookup
class Among(Lookup[Any]):
    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if not self.rhs:
            raise EmptyResultSet
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN ({', '.join(str(int(key)) for key in sorted(self.rhs))})", params
