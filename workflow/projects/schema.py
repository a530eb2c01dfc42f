"""A tree against `schema.json`, in words that somebody who has never heard of JSON Schema can act on."""

import json
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path as FilePath
from typing import Any, cast
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django_countries import countries
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as SchemaError

from workflow.engine import edtf

from .problems import Problem
from .tree import Path, Tree, written

OPEN = "open"
_formats = FormatChecker(formats=())


def against_schema(tree: Tree) -> Iterator[Problem]:
    """Every place where `tree` is not as the schema says."""
    for error in _validator().iter_errors(tree.value):
        yield from _problems(error, tree)


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(FilePath(__file__).with_name("schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=_formats)


def _problems(error: SchemaError, tree: Tree) -> Iterator[Problem]:
    """One problem, or one for each key where the error is about several."""
    path: Path = tuple(error.absolute_path)
    value, schema = error.instance, cast("dict[str, Any]", error.schema)
    if error.validator == "additionalProperties":
        for key in value.keys() - schema["properties"].keys():
            yield _problem(tree, (*path, key), _unknown(key, schema["properties"]))
    elif "propertyNames" in error.absolute_schema_path:
        yield _problem(tree, (*path, str(value)), _message(error))
    elif error.validator == "required":
        # One error for each missing key; its name is all that the library's message adds.
        name = next(key for key in schema["required"] if error.message.startswith(repr(key)))
        yield _problem(tree, path, _("“%(key)s” is missing here.") % {"key": name})
    else:
        yield _problem(tree, path, _message(error))


def _problem(tree: Tree, path: Path, message: str) -> Problem:
    return Problem(tree.place(path), written(path), message)


def _unknown(key: str, known: dict[str, Any]) -> str:
    close = get_close_matches(key[:60], known, n=1)
    if close:
        return _("“%(key)s” is not known here; did you mean “%(close)s”?") % {"key": _shown(key), "close": close[0]}
    return _("“%(key)s” is not known here; known are: %(known)s.") % {
        "key": _shown(key),
        "known": ", ".join(sorted(known)),
    }


def _message(error: SchemaError) -> str:
    value, limit = error.instance, error.validator_value
    if error.validator == "format" and error.cause:
        return str(error.cause)
    words = {"value": _shown(value), "limit": limit}
    if error.validator == "enum":
        return _("“%(value)s” is none of: %(limit)s.") % {**words, "limit": ", ".join(map(str, limit))}
    if error.validator == "type":
        return _("This must be %(limit)s.") % {"limit": _types(limit)}
    if error.validator == "const":
        return _("This must be %(limit)s, not “%(value)s”.") % words
    if error.validator == "pattern":
        return _("“%(value)s” is not written as expected. %(hint)s") % {**words, "hint": _hint(error)}
    if error.validator in _LIMITS:
        return _LIMITS[error.validator]() % words
    return _("This is not as the format wants it: %(problem)s.") % {"problem": error.message[:200]}


_LIMITS: dict[str, Callable[[], str]] = {
    "minLength": lambda: _("This is too short."),
    "maxLength": lambda: _("This is too long: the most is %(limit)s characters."),
    "minItems": lambda: _("This list is too short: the least is %(limit)s."),
    "maxItems": lambda: _("This list is too long: the most is %(limit)s."),
    "minProperties": lambda: _("This needs words in one language at least."),
    "uniqueItems": lambda: _("This list has the same item twice."),
    "minimum": lambda: _("%(value)s is less than %(limit)s."),
    "maximum": lambda: _("%(value)s is more than %(limit)s."),
}


def _types(limit: str | list[str]) -> str:
    names = {
        "object": _("a mapping (key: value)"),
        "array": _("a list (- item)"),
        "string": _("text"),
        "integer": _("a whole number"),
        "boolean": _("true or false"),
    }
    return " / ".join(names[name] for name in ([limit] if isinstance(limit, str) else limit))


def _hint(error: SchemaError) -> str:
    """What the schema says of the thing, which is written for people."""
    return str(cast("dict[str, Any]", error.schema).get("description", error.validator_value))


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _date(value: Any) -> bool:
    if isinstance(value, str | int) and value != OPEN:
        edtf.parse(str(value))
    return True


def _country(value: Any) -> bool:
    if isinstance(value, str) and (not value.isupper() or len(value) != 2 or not countries.name(value)):
        raise ValueError(_("“%(value)s” is not the ISO 3166 code of a country, such as GH.") % {"value": _shown(value)})
    return True


def _language(value: Any) -> bool:
    known = [code for code, name in settings.LANGUAGES]
    if isinstance(value, str) and value not in known:
        words = {"value": _shown(value), "known": ", ".join(known)}
        raise ValueError(_("“%(value)s” is not a language known here (%(known)s).") % words)
    return True


def _time_zone(value: Any) -> bool:
    if isinstance(value, str) and value not in available_timezones():
        raise ValueError(_("“%(value)s” is not a time zone, such as Africa/Accra.") % {"value": _shown(value)})
    return True


def _email(value: Any) -> bool:
    if isinstance(value, str):
        try:
            validate_email(value)
        except ValidationError as error:
            raise ValueError(_("“%(value)s” is not an e-mail address.") % {"value": _shown(value)}) from error
    return True


def _web(value: Any) -> bool:
    if isinstance(value, str):
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(_("“%(value)s” is not a web address (https://…).") % {"value": _shown(value)})
    return True


_FORMATS = {
    "edtf-or-open": _date,
    "country": _country,
    "language": _language,
    "time-zone": _time_zone,
    "email-address": _email,
    "web-address": _web,
}
for _name, _question in _FORMATS.items():
    _formats.checks(_name, raises=ValueError)(_question)
