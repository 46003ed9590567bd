"""Values as columns hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from renderers.clean import with_every_text

if TYPE_CHECKING:
    from analyzers.report import AnyReport
    from analyzers.report_base import Understood

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


def as_json(value: AnyReport | Understood) -> str:
    """A report, or a part of one, as it can be read again."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # half a character, which no JSON can hold
        cleaned = with_every_text(value, lambda text: text.encode("utf-8", "replace").decode())
        return msgspec.json.encode(cleaned).decode()
