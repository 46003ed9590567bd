"""The line that says what takes long."""

from __future__ import annotations

import asyncio
import io

import pytest

from bot.cli.progress import ProgressLine


class Clock:
    """Stands still until it is told."""

    now_s = 10.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


def test_what_is_done_at_once_is_not_told(clock):
    stream = io.StringIO()
    progress = ProgressLine(stream, clock, shown=True)

    clock.now_s += 0.4
    progress("reading day.json", 1, 2)
    progress.clear()

    assert stream.getvalue() == ""


def test_after_half_a_second_the_line_appears_and_goes(clock):
    stream = io.StringIO()
    progress = ProgressLine(stream, clock, shown=True)

    clock.now_s += 0.6
    progress("reading day.json", 1, 2)
    progress.clear()

    assert stream.getvalue() == "\r\x1b[Kreading day.json 50 % \r\x1b[K"


def test_it_is_written_ten_times_a_second_at_most(clock):
    stream = io.StringIO()
    progress = ProgressLine(stream, clock, shown=True)

    clock.now_s += 1
    progress("reading", 1, 100)
    progress("reading", 2, 100)
    clock.now_s += 0.2
    progress("reading", 3, 100)

    assert stream.getvalue() == "\r\x1b[Kreading 1 % \r\x1b[Kreading 3 % "


def test_without_a_terminal_nothing_is_written(clock):
    stream = io.StringIO()
    progress = ProgressLine(stream, clock, shown=False)

    clock.now_s += 5
    progress("reading", 1, None)
    progress.clear()

    assert stream.getvalue() == ""


def test_an_unknown_total_is_a_count_and_names_are_harmless(clock):
    stream = io.StringIO()
    progress = ProgressLine(stream, clock, shown=True)

    clock.now_s += 5
    progress("\x1b[2Jday\u202e.json", 12_345, None)

    assert stream.getvalue() == "\r\x1b[K?[2Jday?.json 12,345 "


def test_long_silence_is_broken_by_how_long_it_has_taken(clock):
    stream = io.StringIO()
    progress = ProgressLine(stream, clock, shown=True)

    clock.now_s += 4
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(progress.tick(), timeout=0.7))

    assert stream.getvalue() == "\r\x1b[Kworking, 4 s "
