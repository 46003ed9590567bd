"""How spans lie in files changes nothing of the answer."""

from __future__ import annotations

import asyncio
import json

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.breakdown import break_down
from analyzers.repair import repair
from analyzers.report_base import Asked
from backends.files.backend import FilesBackend
from tests.strategies import span_records

SIDES = {2: "SERVER", 3: "CLIENT", 4: "PRODUCER", 5: "CONSUMER"}


def line_of(record):
    """The span as a line of Zipkin's JSON, a millisecond for each of its nanoseconds."""
    tags = dict(record.resource) | ({"error": "it failed"} if record.status == 2 else {})
    span = {
        "traceId": record.trace_id,
        "id": f"{record.span_id:016x}",
        "parentId": f"{record.parent_id:016x}" if record.parent_id else None,
        "name": record.operation,
        "kind": SIDES.get(record.kind),
        "timestamp": 1_795_363_550_000_000 + record.start_ns * 1_000,
        "duration": record.duration_ns * 1_000,
        "localEndpoint": {"serviceName": record.service},
        "tags": tags,
    }
    return json.dumps({key: value for key, value in span.items() if value is not None})


def explained(folder, parts, trace_id):
    for number, part in enumerate(parts):
        (folder / f"{number}.jsonl").write_text("".join(f"{line_of(record)}\n" for record in part))
    found = asyncio.run(FilesBackend(str(folder)).find_trace(trace_id))
    assert found.unreadable == 0
    return msgspec.json.encode(break_down(repair(found.spans), trace_id, Asked(question="", asked_at="")))


@settings(max_examples=60, deadline=None)
@given(records=span_records().filter(bool), data=st.data())
def test_a_file_split_in_two_gives_the_same_bytes(tmp_path_factory, records, data):
    in_second = data.draw(st.lists(st.booleans(), min_size=len(records), max_size=len(records)))
    parts = [
        [one for one, second in zip(records, in_second, strict=True) if second == side]
        for side in (False, True)
    ]
    trace_id = records[0].trace_id

    whole = explained(tmp_path_factory.mktemp("whole"), [records], trace_id)
    split = explained(tmp_path_factory.mktemp("split"), [part for part in parts if part], trace_id)

    assert split == whole
