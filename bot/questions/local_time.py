"""Local times as instants: right where clocks are put forward or back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

NS_IN_S = 1_000_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_SECOND = timedelta(seconds=1)


def epoch_ns(time: datetime) -> int:
    """An aware time as nanoseconds since 1970, exactly."""
    since = time.astimezone(UTC) - EPOCH
    return (since.days * 86_400 + since.seconds) * NS_IN_S + since.microseconds * 1_000


def first_instant_ns(local: datetime, zone: tzinfo) -> int:
    """When the clocks of the zone first show this time of day, or jump over it."""
    return _instant_ns(local, zone, fold=0)


def last_instant_ns(local: datetime, zone: tzinfo) -> int:
    """When they show it last: an hour after the first time where clocks are put back, else the same."""
    return _instant_ns(local, zone, fold=1)


def _instant_ns(local: datetime, zone: tzinfo, *, fold: int) -> int:
    time = local.replace(tzinfo=zone, fold=fold)
    if time.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local:
        return epoch_ns(time)
    return epoch_ns(_jump_over(local, zone))


def _jump_over(local: datetime, zone: tzinfo) -> datetime:
    """The moment in which the clocks skip this time: between what it is by the offset after and by the offset before."""
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    old_offset = before.astimezone(zone).utcoffset()
    while after - before > ONE_SECOND:
        middle = before + (after - before) // (2 * ONE_SECOND) * ONE_SECOND
        middle = max(middle, before + ONE_SECOND)
        if middle.astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
