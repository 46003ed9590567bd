"""What there is in a period in which a search matched nothing: that is what one would ask next."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analyzers.carried import all_attributes
from analyzers.record import EVENT_NAME_KEYS
from analyzers.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from analyzers.report_base import Condition
    from analyzers.searched import Searched
    from analyzers.table import SpanTable

MOST_NAMED = 10
MOST_LOOKED_AT = 200_000
"""Spans, evenly over the table: some two seconds. A part of them cannot show that a key is nowhere."""
LONGEST_NAME = 100
OF_CONVENTIONS = frozenset(
    "aws azure client cloud code container db deployment device error exception faas gcp graphql host hostname http "
    "instrumentation internal ip jaeger k8s library messaging net network os otel peer process rpc sampler sampling "
    "server service source span status telemetry thread tls url user_agent".split()
)
"""What stands before the first dot of keys that every instrumentation writes; nobody looks for a person or an order by them."""


@dataclass(frozen=True)
class Around:
    """What else there is in the period."""

    keys: tuple[str, ...]
    """Those of the business first, then those of conventions; of each the most frequent first."""
    n_traces: int
    """That were read."""
    traces_with: Mapping[str, int] = field(default_factory=dict)
    """In how many of these each key of a condition is."""
    events: tuple[str, ...] = ()
    """Names, the most frequent first."""
    sampled: bool = False
    """Some spans were not looked at: there may be more."""
    truncated: bool = False
    """There are more traces than were read."""


def look_around(spans: SpanTable, wanted: Collection[str] = (), *, truncated: bool = False) -> Around:
    """The keys and events that spans have, and how many traces have the wanted keys."""
    step = -(-len(spans) // MOST_LOOKED_AT) or 1
    keys, events = Counter[str](), Counter[str]()
    having: dict[str, set[int]] = {key: set() for key in wanted}
    for row in range(0, len(spans), step):
        found = all_attributes(spans, row).keys()
        named = {event.name for event in spans.details.events(row)}
        keys.update(found)
        events.update(named)
        for key, traces in having.items():
            if key in found or (named and key in EVENT_NAME_KEYS):
                traces.add(int(spans.trace[row]))
    return Around(
        keys=tuple(sorted(keys, key=lambda key: (_is_of_conventions(key), -keys[key], key))),
        n_traces=len(spans.trace_ids),
        traces_with={key: len(traces) for key, traces in having.items()},
        events=tuple(sorted(events, key=lambda name: (-events[name], name))),
        sampled=step > 1,
        truncated=truncated,
    )


def nothing_headline(searched: Searched, around: Around | None) -> str:
    """Says whether there is anything at all."""
    if around is None or not around.n_traces or around.truncated or around.sampled:
        return searched.nothing()
    missing = [one.key for one in searched.where if not _is_there(one.key, around)]
    if not missing:
        return searched.nothing()
    where = f" in {searched.asked.backend}" if searched.asked.backend else ""
    what = "an event" if missing[0] in EVENT_NAME_KEYS else f"the attribute {missing[0]}"
    return f"No {searched.place}span {searched.when}{where} has {what}."


def around_remarks(searched: Searched, around: Around) -> Iterator[str]:
    """Sentences on the keys that were asked for, and those that there are instead."""
    if not around.n_traces:
        return
    missing = [one.key for one in searched.where if not _is_there(one.key, around)]
    for key in missing:
        yield from _similar(key, key, around.keys)
    for one in searched.where:
        if one.key in EVENT_NAME_KEYS and one.key not in around.keys and one.op == "=":
            yield from _similar(one.value, f"an event {one.value}", around.events)
    if missing:
        yield _missing(missing, around)
    else:
        yield _values_missing(searched.where, around)


def _is_of_conventions(key: str) -> bool:
    return key.partition(".")[0] in OF_CONVENTIONS


def _is_there(key: str, around: Around) -> bool:
    return key in around.keys or (key in EVENT_NAME_KEYS and bool(around.events))


def _similar(word: str, told: str, known: Iterable[str]) -> Iterator[str]:
    similar = difflib.get_close_matches(word[:LONGEST_NAME], list(known), n=1, cutoff=0.7)
    if similar and similar[0] != word:
        yield f"{similar[0]} is there: did you mean that instead of {told}?"


def _missing(missing: list[str], around: Around) -> str:
    listed = f"the keys that spans have, your own first: {_listed(around.keys)}"
    if not around.truncated and not around.sampled:
        return listed
    of = f"the newest {around.n_traces:,} traces" if around.truncated else "the traces that were read"
    looked_at = ", of which not every span was looked at," if around.sampled else ""
    return f"none of {of}{looked_at} has {' or '.join(missing)}; {listed}"


def _values_missing(where: tuple[Condition, ...], around: Around) -> str:
    """`user.id is there in 1 of 36 traces read, user.id = 43 in none`."""
    of = f"of {'the newest ' if around.truncated else ''}{count_text(around.n_traces, 'trace')} read"
    counts = {one.key: around.traces_with[one.key] for one in where if one.key in around.traces_with}
    least = "at least " if around.sampled else ""
    there = ", ".join(f"{key} is there in {least}{count:,}" for key, count in counts.items())
    if len(where) == 1 and counts:
        return f"{there} {of}, {where[0].key} {where[0].op} {where[0].value} in none"
    return f"no span has all of that: {there} {of}" if counts else f"no span {of} has all of that"


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(name[:LONGEST_NAME] for name in names[:MOST_NAMED]) + more
