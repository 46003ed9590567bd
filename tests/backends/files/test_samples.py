"""The same trace in every format and compression reads the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from backends.files.backend import FilesBackend
from tests.backends.formats.recorded import nothing
from tests.contract_data import SPANS
from tests.span_facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.span_facts import SpanFacts

SAMPLES = SPANS.parents[1] / "samples"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
LOSES: dict[str, Callable[[SpanFacts], SpanFacts]] = {}
"""How the spans look after what a sample's format has no place for, by the sample's name: none has lost anything so far."""
FORMATS = sorted(path.name for path in SAMPLES.iterdir() if path.name != "README.md")


def found(name):
    return asyncio.run(FilesBackend(str(SAMPLES / name)).find_trace(TRACE_ID))


@pytest.mark.parametrize("name", FORMATS)
def test_a_sample_reads_as_the_others_do(name):
    loses = LOSES.get(name, nothing)

    assert facts_of(found(name).spans) == sorted(map(loses, facts_of(found("otlp.json").spans)))


@pytest.mark.parametrize("name", FORMATS)
def test_a_sample_is_read_whole(name):
    sample = found(name)

    assert (len(sample.spans), sample.unreadable, sample.notes, sample.truncated) == (4, 0, (), False)


def test_in_a_folder_what_is_no_trace_file_is_skipped_with_a_note():
    folder = found("")

    assert len(folder.spans) == 4 * len(FORMATS)
    assert len(folder.notes) == 1
    assert "README.md" in folder.notes[0]
