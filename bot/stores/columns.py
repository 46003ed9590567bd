"""Values as columns hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_TEXT = 20_000
LONGEST_NAME = 64


def as_ms(moment: datetime) -> int:
    """Epoch milliseconds; exact, since floats are not."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def as_moment(ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=ms)


def as_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """What people wrote, bounded, and without what PostgreSQL cannot hold: NUL and halves of characters."""
    return text[:longest].replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def as_name(text: str) -> str:
    """An id that came from outside, bounded."""
    return as_text(text, LONGEST_NAME)
