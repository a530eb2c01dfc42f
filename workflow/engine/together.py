"""Several small lists read with one question, where a page would otherwise ask once for each of its sections.

`read(facts=Listing(Fact.objects.filter(twg=twg), "topic", "statements"), steps=Listing(...))` asks
`SELECT 0, place, row … UNION ALL SELECT 1, …` and gives `{"facts": [Fact, …], "steps": […]}`: instances in their
queryset's order that hold the columns asked for and their key. `institution__names` brings the institution along, as
`select_related` would; what the queryset counts of each row (`annotate`) is named like a column. For some dozens of
rows: each travels as JSON, so what fills a page is better listed by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, F, Func, IntegerField, Model, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

T = TypeVar("T")
Found = dict[str, list[Any]]
ROW = {"sqlite": "JSON_ARRAY", "postgresql": "JSONB_BUILD_ARRAY"}


class Listing:
    """One of the lists, and which of its rows' columns are wanted; the first `most` of them, if that is given."""

    def __init__(self, rows: QuerySet[Any], *columns: str, most: int | None = None) -> None:
        self.rows, self.most = _once(rows), most
        counted = rows.query.annotations
        self.shape = _Shape(rows.model, [name for name in columns if name not in counted])
        self.counted = {name: _back(counted[name].output_field) for name in columns if name in counted}

    def question(self) -> QuerySet[Any]:
        """Each row's place in the order, and its columns."""
        ordering: Any = self.rows.query.order_by or self.rows.model._meta.ordering
        place = Window(RowNumber(), order_by=list(ordering)) if ordering else Value(0)
        placed = self.rows.order_by().annotate(_place=place)
        found = placed.values_list("_place", *self.shape.paths, *self.counted)
        return found if self.most is None else found.order_by("_place")[: self.most]

    def instance(self, row: Any) -> Any:
        """What stands in one row of the answer."""
        values = iter(row)
        made = self.shape.instance(values)
        for (name, back), value in zip(self.counted.items(), values, strict=True):
            setattr(made, name, back(value))
        return made

    def of_none(self) -> list[Any]:
        """What is found where the database has no row to give."""
        return []


class Tally(Listing):
    """How many rows there are for each value of a column: pairs, and no instances."""

    def __init__(self, rows: QuerySet[Any], column: str) -> None:
        self.rows, self.column = _once(rows), column

    def question(self) -> QuerySet[Any]:
        counted = self.rows.order_by().values(self.column).annotate(tallied=Count("pk"))
        return counted.values_list("tallied", self.column, "tallied")

    def instance(self, row: Any) -> Any:
        return tuple(row)


class Totals(Listing):
    """Several numbers of one queryset, each of those of its rows that pass: one dictionary, in one look at the rows."""

    def __init__(self, rows: QuerySet[Any], **which: Q) -> None:
        self.rows, self.which = _once(rows), which

    def question(self) -> QuerySet[Any]:
        counts = {f"_{name}": Count(Case(When(passes, then=1))) for name, passes in self.which.items()}
        whole = self.rows.order_by().annotate(totalled=Value(0)).values("totalled").annotate(**counts)
        return whole.values_list("totalled", *counts)

    def instance(self, row: Any) -> Any:
        return dict(zip(self.which, row, strict=True))

    def of_none(self) -> list[Any]:
        return [dict.fromkeys(self.which, 0)]


def _once(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each row once, where joins reach it several times: beside a window's number and in a count DISTINCT says nothing.

    What a queryset counts of its rows itself (`annotate`) groups them already.
    """
    if not rows.query.distinct or rows.query.annotations:
        return rows
    order: Any = rows.query.order_by or rows.model._meta.ordering
    return rows.model._base_manager.filter(pk__in=rows.order_by().values("pk")).order_by(*order)


def how_many(rows: QuerySet[Any]) -> Coalesce:
    """How many rows a queryset gives, as something to annotate with: of a row, or of whatever the page is about."""
    counted = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Coalesce(Subquery(rows.order_by().values(how_many=counted), output_field=IntegerField()), 0)


def read(**listings: Listing) -> Found:
    """Every list, by its name."""
    found: Found = {name: [] for name in listings}
    answered = sorted(_asked([listing.question() for listing in listings.values()]), key=lambda row: row[:2])
    names = list(listings)
    for number, _place, row in answered:
        name = names[number]
        found[name].append(listings[name].instance(json.loads(row, parse_float=Decimal)))
    return {name: rows or listings[name].of_none() for name, rows in found.items()}


def _asked(questions: Sequence[QuerySet[Any]]) -> list[tuple[int, int, str]]:
    """(number of the question, place, row as a JSON array), of all of them.

    The database reads them as one statement of named tables. Django's own `union` would compose each question twice,
    and on SQLite it takes no LIMIT.
    """
    tables, selects, params = [], [], []
    for number, question in enumerate(questions):
        try:
            sql, values = question.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        columns = [f"c{place}" for place in range(len(question.query.selected or ()))]
        tables.append(f"q{number}({', '.join(columns)}) AS ({sql})")
        selects.append(f"SELECT {number}, c0, {ROW[connection.vendor]}({', '.join(columns[1:])}) FROM q{number}")  # noqa: S608
        params += values
    if not tables:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(tables)} {' UNION ALL '.join(selects)}", params)
        rows: list[tuple[int, int, str]] = cursor.fetchall()
        return rows


@dataclass(frozen=True)
class Wanted(Generic[T]):
    """Lists that one part of a page wants read, and what it makes of them then."""

    listings: Mapping[str, Listing]
    made: Callable[[Found], T]


def answers(wanted: Mapping[str, Wanted[Any]]) -> dict[str, Any]:
    """What each makes of its own lists; the lists of all of them are read with one question."""
    found = read(**{f"{who}.{name}": listing for who, w in wanted.items() for name, listing in w.listings.items()})
    return {who: w.made({name: found[f"{who}.{name}"] for name in w.listings}) for who, w in wanted.items()}


def answer(wanted: Wanted[T]) -> T:
    """What one part of a page makes of its lists, read by itself."""
    made: T = answers({"it": wanted})["it"]
    return made


def first(found: Sequence[T]) -> T | None:
    """The first of a list, if there is one."""
    return found[0] if found else None


class _Shape:
    """Which columns of a model, and of what it points to, a row holds, in the order in which it holds them."""

    def __init__(self, model: type[Model], columns: Sequence[str], path: str = "") -> None:
        self.model = model
        meta: Any = model._meta
        own, related = {meta.pk.attname}, {}  # type: set[str], dict[str, list[str]]
        for column in columns:
            name, _, rest = column.partition("__")
            own.add(meta.get_field(name).attname)
            if rest:
                related.setdefault(name, []).append(rest)
        # As `from_db` wants them: in the order in which the model declares them.
        fields = [field for field in meta.concrete_fields if field.attname in own]
        self.names = [field.attname for field in fields]
        self.back = [_back(field) for field in fields]
        self.key = self.names.index(meta.pk.attname)
        self.related = {
            name: _Shape(meta.get_field(name).related_model, rest, f"{path}{name}__") for name, rest in related.items()
        }
        inner = [column for shape in self.related.values() for column in shape.paths]
        self.paths: list[str] = [path + name for name in self.names] + inner

    def instance(self, row: Any) -> Any:
        """The next instance of a row; None where the row points to nothing."""
        values = [back(value) for back, value in zip(self.back, row, strict=False)]
        made = self.model.from_db(connection.alias, self.names, values)
        for name, shape in self.related.items():
            setattr(made, name, shape.instance(row))
        return None if values[self.key] is None else made


def _same(value: Any) -> Any:
    return value


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps UTC without saying so


def _parsed(value: Any) -> Any:
    # SQLite has no type for JSON: what a column holds is the text of it.
    return json.loads(value) if connection.vendor == "sqlite" else value


# What JSON has no word for, by the field's own name for its type; all other kinds of field are refused.
_CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {
    "BooleanField": bool,
    "DateField": date.fromisoformat,
    "DateTimeField": _moment,
    "DecimalField": Decimal,
    "JSONField": _parsed,
    **dict.fromkeys(("CharField", "SlugField", "TextField", "FileField"), _same),
    **dict.fromkeys(("IntegerField", "BigIntegerField", "SmallIntegerField"), _same),
    **dict.fromkeys(("PositiveIntegerField", "PositiveSmallIntegerField"), _same),
    **dict.fromkeys(("AutoField", "BigAutoField", "ForeignKey", "OneToOneField"), _same),
}


def _back(field: Any) -> Callable[[Any], Any]:
    """How a column's value comes back from JSON."""
    convert = _CONVERSIONS.get(field.get_internal_type())
    if convert is None:
        whose = field.model.__name__ if hasattr(field, "model") else "it"  # what is counted belongs to no model
        raise TypeError(f"{field} does not come back from JSON as it was: list {whose} by itself")
    if convert is _same:
        return _same
    return lambda value: None if value is None else convert(value)
