"""OTLP's attribute values in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from analyzers.record import EventRecord
from backends.formats.attribute_text import SCOPE_NAME, SCOPE_VERSION, compact_json, text_of
from backends.formats.decoded import Problems
from backends.formats.json_document import NOTHING, decode_each, decode_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzers.record import Pairs


class Values(msgspec.Struct, gc=False):
    values: list[AnyValue] | None = None


class KeyedValues(msgspec.Struct, gc=False):
    values: list[KeyValue] | None = None


class AnyValue(msgspec.Struct, gc=False, rename="camel"):
    """One of these is set; none is an empty value."""

    string_value: str | None = None
    bool_value: bool | None = None
    int_value: int | str | None = None
    double_value: float | str | None = None
    """`NaN`, `Infinity` and `-Infinity` come as text."""
    bytes_value: str | None = None
    array_value: Values | None = None
    kvlist_value: KeyedValues | None = None


class KeyValue(msgspec.Struct, gc=False):
    key: str | None = ""
    value: AnyValue | None = None


class Scope(msgspec.Struct, gc=False):
    name: str | None = ""
    version: str | None = ""
    attributes: msgspec.Raw = NOTHING


class Event(msgspec.Struct, gc=False, rename="camel"):
    time_unix_nano: int = 0
    name: str | None = ""
    attributes: msgspec.Raw = NOTHING


PAIRS = msgspec.json.Decoder(list[KeyValue] | None)
ANY_PAIRS = msgspec.json.Decoder(list[msgspec.Raw] | None)
PAIR = msgspec.json.Decoder(KeyValue)
SCOPE = msgspec.json.Decoder(Scope | None)
EVENTS = msgspec.json.Decoder(list[Event] | None, strict=False)
ANY_EVENTS = msgspec.json.Decoder(list[msgspec.Raw] | None)
EVENT = msgspec.json.Decoder(Event, strict=False)


def pairs_of(raw: msgspec.Raw) -> Iterator[tuple[str, str]]:
    """Keys and texts of a list of attributes, without those that are none."""
    for pair in _pairs(raw):
        yield pair.key or "", _text(pair.value)


def scope_pairs(raw: msgspec.Raw) -> Pairs:
    """The instrumentation scope as attributes."""
    scope = decode_part(raw, SCOPE)
    if scope is None:
        return ()
    named = ((SCOPE_NAME, scope.name or ""), (SCOPE_VERSION, scope.version or ""))
    return (*((key, text) for key, text in named if text), *pairs_of(scope.attributes))


def events_of(raw: msgspec.Raw) -> Iterator[EventRecord]:
    try:
        events: Iterable[Event] = EVENTS.decode(raw) or ()
    except (ValueError, RecursionError):
        events = decode_each(decode_part(raw, ANY_EVENTS) or (), EVENT, Problems())
    for event in events:
        yield EventRecord(event.time_unix_nano, event.name or "", tuple(pairs_of(event.attributes)))


def _pairs(raw: msgspec.Raw) -> Iterable[KeyValue]:
    try:
        return PAIRS.decode(raw) or ()
    except (ValueError, RecursionError):
        return decode_each(decode_part(raw, ANY_PAIRS) or (), PAIR, Problems())


def _text(value: AnyValue | None) -> str:
    if value is None:
        return ""
    if value.string_value is not None:
        return value.string_value
    plain = _plain(value)
    return text_of(plain) if not isinstance(plain, list | dict) else compact_json(plain)


def _plain(value: AnyValue | None) -> Any:
    """The value as plain JSON; bytes stay base64, integers become numbers again."""
    if value is None:
        return None
    if value.array_value is not None:
        return [_plain(item) for item in value.array_value.values or ()]
    if value.kvlist_value is not None:
        return {pair.key or "": _plain(pair.value) for pair in value.kvlist_value.values or ()}
    return _plain_scalar(value)


def _plain_scalar(value: AnyValue) -> Any:
    if value.int_value is not None:
        return _integer(value.int_value)
    if isinstance(value.double_value, float):
        return value.double_value
    given = (value.string_value, value.bool_value, value.bytes_value, value.double_value)
    return next((one for one in given if one is not None), None)


def _integer(value: int | str) -> int | str:
    """A number again, where it is one; a bad one stays the text it was."""
    text = str(value)
    return int(text) if len(text) <= 20 and text.lstrip("-").isdecimal() else text
