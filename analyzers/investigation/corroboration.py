"""What else speaks for a cause, or against it: how it goes with slow requests, and what changed first.

Neither counts nanoseconds, so neither moves a clear order. They decide between suspects that explain about as much, they are told
as evidence, and the first suspect is less sure where something else surely changed before, or where it is slow in requests that are not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers.investigation.causes import LIKELY
from analyzers.investigation.order import began
from analyzers.investigation.spectrum import spectrum
from analyzers.wording import duration_text, name_text, share_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzers.investigation.causes import Found
    from analyzers.investigation.observations import Observed
    from analyzers.investigation.order import Began
    from analyzers.investigation.spectrum import Spectrum

CLEARLY_MORE = 0.15
"""Of Ochiai's coefficient: about what two values of the same place differ by from window to window with thirty slow requests."""
FEW_OTHERS = 0.02
"""Of requests; with fewer that are usual there is nothing to hold slow ones against."""


def corroborated(observed: Observed, found: tuple[Found, ...]) -> tuple[Found, ...]:
    """The causes with what else is known of the first, which is another one if that decides a tie."""
    if not found:
        return ()
    together = spectrum(observed)
    when = {one.service: moment for one in found if (moment := began(observed, one)) is not None}
    first = _first_of([one for one in found if one.score * LIKELY >= found[0].score], together, when)
    rest = [one for one in found if one is not first]
    earlier = [one for one in rest if _ahead_ns(when, one, first)]
    told = (*_goes_with_slow(first, together), *_in_order(observed, first, rest, earlier, when))
    doubted = bool(earlier) or _goes_with_others(first, together)
    return (replace(first, evidence=(*first.evidence, *told), doubted=doubted), *rest)


def _first_of(ties: Sequence[Found], together: Spectrum, when: dict[int, Began]) -> Found:
    """Of suspects that explain about as much: who changed before the best, else who clearly goes better with slow requests."""
    best = ties[0]
    for one in ties[1:]:
        if _ahead_ns(when, best, one):
            continue
        if _ahead_ns(when, one, best) or _goes_better(one, best, together):
            best = one
    return best


def _goes_better(one: Found, other: Found, together: Spectrum) -> bool:
    """Clearly better with slow requests; of failures, and of whom a service calls, the spectrum says nothing."""
    if not (_has_time(one) and _has_time(other)):
        return False
    return float(together.ochiai[one.main] - together.ochiai[other.main]) >= CLEARLY_MORE


def _has_time(found: Found) -> bool:
    """It is about time that requests wait for."""
    return found.main >= 0 and found.kind in {"self_time", "wire"}


def _goes_with_others(found: Found, together: Spectrum) -> bool:
    """What requests waited for is unusual where they are not slow, rather than where they are."""
    return _has_time(found) and bool(together.in_slow[found.main] < together.in_others[found.main])


def _ahead_ns(when: dict[int, Began], one: Found, other: Found) -> int:
    if one.service not in when or other.service not in when:
        return 0
    return when[one.service].ahead_ns(when[other.service])


def _goes_with_slow(first: Found, together: Spectrum) -> tuple[str, ...]:
    if not _has_time(first) or not together.slow:
        return ()
    slow = f"unusually long in {share_text(float(together.in_slow[first.main]))} of slow requests"
    if together.slow > 1 - FEW_OTHERS:
        return (slow,)
    against = "yet " if _goes_with_others(first, together) else ""
    return (f"{against}{slow}, in {share_text(float(together.in_others[first.main]))} of others",)


def _in_order(
    observed: Observed,
    first: Found,
    rest: Sequence[Found],
    earlier: Sequence[Found],
    when: dict[int, Began],
) -> tuple[str, ...]:
    """What changed before the first suspect; or that it changed before the next one."""
    names = observed.names.services
    if earlier:
        other = max(earlier, key=lambda one: _ahead_ns(when, one, first))
        ahead = duration_text(_ahead_ns(when, other, first))
        return (f"yet {name_text(names[other.service])} changed at least {ahead} before",)
    if rest and (ahead_ns := _ahead_ns(when, first, rest[0])):
        return (f"changed at least {duration_text(ahead_ns)} before {name_text(names[rest[0].service])}",)
    return ()
