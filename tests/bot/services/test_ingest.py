"""Trace files into a store."""

import asyncio
import gzip
import json

import pytest

from backends.embedded.refusal import StoreBusy, StoreFull
from backends.errors import UnreadableFile
from bot.services.ingest import AT_A_TIME, ingest
from demo import SLOW_CHECKOUT
from tests.backends.embedded.sending import RememberingSink, request_of
from tests.backends.files.test_samples import SAMPLES


def ingested(pattern, sink=None, **given):
    """What became of the files, and the sink after them."""
    sink = sink or RememberingSink()
    return asyncio.run(ingest(str(pattern), sink, **given)), sink


def test_a_file_is_kept_with_progress():
    told = []

    done, sink = ingested(
        SLOW_CHECKOUT, progress=lambda doing, taken, total: told.append((doing, taken, total))
    )

    assert (done.files, done.spans, done.unreadable, done.notes) == (1, 47, 0, [])
    assert len(sink.kept) == 47
    assert told[-1] == (
        f"Loading {SLOW_CHECKOUT.name}",
        SLOW_CHECKOUT.stat().st_size,
        SLOW_CHECKOUT.stat().st_size,
    )


def test_many_spans_are_kept_some_at_a_time(tmp_path):
    (tmp_path / "large.pb").write_bytes(request_of(AT_A_TIME + 1).SerializeToString())
    sizes = []

    class Counting(RememberingSink):
        async def keep(self, records):
            sizes.append(len(records))
            return await super().keep(records)

    done, _ = ingested(tmp_path / "large.pb", Counting())

    assert sizes == [AT_A_TIME, 1]
    assert done.spans == AT_A_TIME + 1


def test_spans_that_are_kept_in_part_are_counted():
    done, _ = ingested(SLOW_CHECKOUT, RememberingSink(shortened=3))

    assert (done.spans, done.shortened) == (47, 3)


def test_a_busy_store_is_tried_again_after_the_time_it_says():
    slept = []
    sink = RememberingSink(error=StoreBusy(2.5))

    async def sleep(seconds):
        slept.append(seconds)
        sink.error = None

    done, _ = ingested(SLOW_CHECKOUT, sink, sleep=sleep)

    assert (slept, done.spans, len(sink.kept)) == ([2.5], 47, 47)


def test_a_full_disk_ends_it():
    with pytest.raises(StoreFull):
        ingested(SLOW_CHECKOUT, RememberingSink(error=StoreFull()))


def test_among_several_files_one_without_traces_is_skipped_and_said(tmp_path):
    (tmp_path / "a.json").write_bytes(SLOW_CHECKOUT.read_bytes())
    (tmp_path / "b.json").write_text("not a trace")

    done, sink = ingested(tmp_path)

    assert (done.files, len(sink.kept)) == (1, 47)
    assert "b.json" in done.notes[0]


@pytest.mark.parametrize("content", ["", "not a trace", "{}"])
def test_a_file_without_traces_is_an_error(tmp_path, content):
    (tmp_path / "trace.json").write_text(content)

    with pytest.raises(UnreadableFile):
        ingested(tmp_path / "trace.json")


def test_spans_that_cannot_be_read_are_counted_and_said(tmp_path):
    document = json.loads(SLOW_CHECKOUT.read_text())
    document["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["traceId"] = "xyz"
    (tmp_path / "trace.json").write_text(json.dumps(document))

    done, _ = ingested(tmp_path / "trace.json")

    assert (done.spans, done.unreadable) == (46, 1)
    assert "trace id" in done.notes[0]


def test_a_file_none_of_whose_spans_can_be_read_is_an_error_that_says_why(tmp_path):
    document = SLOW_CHECKOUT.read_text().replace('"traceId": "', '"traceId": "x')
    (tmp_path / "trace.json").write_text(document)

    with pytest.raises(UnreadableFile, match="none of its spans can be used: its trace id"):
        ingested(tmp_path / "trace.json")


def test_spans_older_than_the_store_keeps_are_counted():
    began_ns = [record.start_ns for record in ingested(SLOW_CHECKOUT)[1].kept]
    middle_ns = sorted(began_ns)[len(began_ns) // 2]

    done, sink = ingested(SLOW_CHECKOUT, kept_since_ns=middle_ns)

    assert done.expired == sum(one < middle_ns for one in began_ns) > 0
    assert len(sink.kept) == done.spans == 47


def test_a_file_that_holds_no_spans_is_said(tmp_path):
    (tmp_path / "trace.json").write_text('{"resourceSpans": []}')

    done, _ = ingested(tmp_path / "trace.json")

    assert (done.files, done.spans, done.notes) == (1, 0, ["trace.json holds no spans."])


def test_a_file_that_is_cut_off_is_loaded_as_far_as_it_goes_and_said_to_be(tmp_path):
    whole = gzip.compress((SAMPLES / "otlp-lines.jsonl").read_bytes())
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-8])

    done, _ = ingested(tmp_path / "cut.jsonl.gz")

    assert (done.spans, done.notes) == (
        4,
        ["cut.jsonl.gz ends too early: what would follow is missing here."],
    )
