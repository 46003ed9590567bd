"""Names of operations for people: endless ones, with ids in them, by what they have in common."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from analyzers.minutes import renumbered
from analyzers.targets import masked_path
from analyzers.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzers.minutes import OperationMinutes

    Shown: TypeAlias = Mapping[tuple[str, str], str]
    """What each operation is called, by (service, name as it was received)."""

ENDLESS = 5
"""So many operations of one service that differ in ids alone are one."""
LOOKS_LIKE_ID = re.compile(r"(?:\D*\d){3}")
"""Among words, which have small numbers and signs of their own: `step 2`, `SELECT * FROM cart`."""


def shown_names(received: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What each operation, as (service, name), is called: itself, or the template that it shares with many."""
    alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for service, name in set(received):
        alike[service, _template(name)].append(name)
    return {
        (service, name): template if len(names) >= ENDLESS else name
        for (service, template), names in alike.items()
        for name in names
    }


def grouped_remarks(shown: Shown) -> tuple[str, ...]:
    """How many of the operations stand under a template, if any."""
    grouped = sum(template != name for (_, name), template in shown.items())
    if not grouped:
        return ()
    if grouped == 1:
        return ("1 operation with an id in its name is called by what it has in common with others",)
    return (
        f"{count_text(grouped, 'operation')} with ids in their names were put together by what they have in common",
    )


def by_shown_name(minutes: OperationMinutes, shown: Shown) -> OperationMinutes:
    """The same counts by the names that are shown; a name that is not known stays."""
    renamed = [
        key._replace(operation=shown.get((key.service, key.operation), key.operation))
        for key in minutes.operations
    ]
    operations = tuple(sorted(set(renamed)))
    if operations == minutes.operations:
        return minutes
    number = {key: at for at, key in enumerate(operations)}
    return renumbered(minutes, operations, np.array([number[key] for key in renamed], dtype=np.int32))


def _template(name: str) -> str:
    """`GET /users/42` as `GET /users/{id}`, `charge order-1234` as `charge {id}`."""
    words = name.split(" ")
    if len(words) == 1:
        return masked_path(name)
    return " ".join(masked_path(word) if "/" in word or LOOKS_LIKE_ID.match(word) else word for word in words)
