"""What trace files answer when they are asked as a store."""

from __future__ import annotations

import asyncio

import pytest

from backends.errors import UnusableAddress
from backends.files.backend import FilesBackend
from backends.files.store import open_files, path_of
from backends.interface import SpanQuery
from tests.backends.files.test_samples import SAMPLES
from tests.contract_data import SPANS, contract_data

CONTRACT = str(SPANS / "contract.json")
DATA = contract_data()


def asked(progress=None, path=CONTRACT, **what):
    query = SpanQuery(**{"start_ns": DATA.start_ns, "end_ns": DATA.end_ns, **what})
    return asyncio.run(FilesBackend(path, progress=progress).find_spans(query))


def test_services_and_operations_are_listed():
    files = FilesBackend(CONTRACT)

    assert asyncio.run(files.services()) == ("checkout", "frontend", "payment")
    assert asyncio.run(files.operations("payment")) == (
        "INSERT ledger",
        "POST /charge",
        "SELECT cards",
        "process orders",
    )
    assert asyncio.run(files.operations("nobody")) == ()


def test_one_trace_is_found_by_its_id():
    found = asyncio.run(FilesBackend(CONTRACT).find_trace(DATA.trace_ids["n-plus-1"]))

    assert found.spans.trace_ids == (DATA.trace_ids["n-plus-1"],)
    assert len(found.spans) == 34


def test_a_trace_that_is_not_there_is_no_error():
    assert len(asyncio.run(FilesBackend(CONTRACT).find_trace("f" * 32)).spans) == 0


@pytest.mark.parametrize(
    ("what", "traces"),
    [
        ({}, 59),
        ({"errors_only": True}, 4),
        ({"min_duration_ns": 1_000_000_000}, 1),
        ({"service": "payment", "operation": "process orders"}, 1),
        ({"attributes": (("order.gift", "true"),)}, 11),
        ({"attributes": (("user.id", "ü-用户"),)}, 1),
        ({"attributes": (("host.name", "pay-1"),), "service": "frontend"}, 0),
        ({"service": "nobody"}, 0),
        ({"end_ns": DATA.start_ns + 1}, 1),
    ],
)
def test_a_search_finds_whole_traces(what, traces):
    found = asked(**what)

    assert len(found.spans.trace_ids) == traces
    assert not found.truncated


def test_a_search_takes_the_newest_traces_and_says_that_there_were_more():
    found = asked(limit=2)

    assert set(found.spans.trace_ids) == {DATA.trace_ids["types"], DATA.trace_ids["orphan"]}
    assert found.truncated
    assert found.notes == ("Only the newest 2 of 59 matching traces were taken.",)


def test_the_traces_of_a_file_are_listed_longest_first():
    longest, second = asyncio.run(FilesBackend(CONTRACT).traces(limit=2))

    assert (longest.trace_id, longest.service, longest.operation) == (
        DATA.trace_ids["slow-0"],
        "frontend",
        "POST /checkout",
    )
    assert longest.duration_ns > second.duration_ns


def test_progress_counts_the_bytes_of_all_files():
    heard = []

    asked(lambda doing, done, total: heard.append((doing, done, total)), path=str(SAMPLES / "otlp*"))

    total = sum(path.stat().st_size for path in SAMPLES.glob("otlp*"))
    assert heard[-1] == ("Reading otlp.pb", total, total)


def test_a_pattern_reads_every_file_that_matches():
    found = asked(path=str(SAMPLES / "**" / "*.jsonl"))

    assert len(found.spans) == 3 * 4


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///tmp/a%20b.json", "/tmp/a b.json"),
        ("file://localhost/tmp/*.json", "/tmp/*.json"),
        ("file:relative.json", "relative.json"),
        ("plain%20name#1?.json", "plain%20name#1?.json"),
    ],
)
def test_a_url_names_a_path(url, path):
    assert path_of(url) == path


@pytest.mark.parametrize("url", ["file://server/share", "file://", " "])
def test_a_url_that_names_no_path_here_is_unusable(url):
    with pytest.raises(UnusableAddress):
        open_files(url, {})


def test_files_are_read_once_for_several_questions_and_again_after_they_changed(tmp_path):
    path, told = tmp_path / "trace.json", []
    path.write_bytes((SPANS / "contract.json").read_bytes())
    files = FilesBackend(str(path), progress=lambda doing, taken, total: told.append(taken == total))
    query = SpanQuery(start_ns=DATA.start_ns, end_ns=DATA.end_ns, limit=1)

    first, again = (asyncio.run(files.find_spans(query)) for _ in range(2))
    read_before = told.count(True)
    path.write_text('{"resourceSpans": []}')
    after = asyncio.run(files.find_spans(query))

    assert read_before == 1
    assert (first.notes, first.truncated) == (again.notes, again.truncated)
    assert len(after.spans) == 0
