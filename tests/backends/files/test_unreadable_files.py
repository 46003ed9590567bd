"""What cannot be read is said in words, whatever it is."""

from __future__ import annotations

import asyncio
import gzip
import os
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from backends.errors import UnreadableFile
from backends.files.backend import FilesBackend
from backends.files.decompression import Content
from backends.files.limits import MIB, Limits
from backends.interface import SpanQuery
from tests.backends.files.test_samples import SAMPLES, TRACE_ID
from tests.backends.formats.spans import otlp, otlp_span

EVERYTHING = SpanQuery(0, 2**63 - 1)
GOOD = otlp(otlp_span()) + b"\n"
SMALL = Limits(max_bytes=8 * MIB, ratio_from_bytes=MIB, max_line_bytes=MIB, max_files=3, max_spans=5)


def read(path, limits=SMALL):
    return asyncio.run(FilesBackend(str(path), limits).find_trace(TRACE_ID))


def refusal(tmp_path, content, limits=SMALL):
    path = tmp_path / "spans"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        read(path, limits)
    assert caught.value.exit_status == 4
    assert caught.value.advice
    return caught.value.problem


def test_an_empty_file(tmp_path):
    assert "it is empty" in refusal(tmp_path, b"")


def test_an_empty_file_that_is_compressed(tmp_path):
    assert "it is empty" in refusal(tmp_path, gzip.compress(b"\n \n"))


@pytest.mark.parametrize("name", ["otlp.json", "jaeger.json", "zipkin.json", "tempo.json"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_document(tmp_path, name, share):
    whole = (SAMPLES / name).read_bytes()

    assert "it ends in the middle" in refusal(tmp_path, whole[: int(len(whole) * share)])


@pytest.mark.parametrize("name", ["otlp.pb", "spans.parquet"])
def test_a_truncated_binary_file(tmp_path, name):
    assert "cannot be read" in refusal(tmp_path, (SAMPLES / name).read_bytes()[:-40])


def test_a_truncated_parquet_file_is_told_in_words_alone(tmp_path):
    problem = refusal(tmp_path, (SAMPLES / "spans.parquet").read_bytes()[:-40])

    assert problem.endswith("as Parquet, it begins as a Parquet file does, and is damaged or cut off.")


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_a_truncated_compressed_file(tmp_path, compress):
    whole = compress((SAMPLES / "jaeger.json").read_bytes())

    assert "ends too early" in refusal(tmp_path, whole[:-20])


@pytest.mark.parametrize("magic", [b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd"])
def test_a_damaged_compressed_file(tmp_path, magic):
    assert "cannot be read" in refusal(tmp_path, magic + b"\xff" * 300)


def test_a_file_of_another_format_says_what_it_begins_with(tmp_path):
    problem = refusal(tmp_path, b"\x1b[31mhello,\x00 world")

    assert "it begins with “·[31mhello,· world”" in problem


@pytest.mark.parametrize(
    "content", [b'{"a": 1}', b"[1, 2]", b'{"data": ["frontend"]}', b'"text"', b"\n\x05hello"]
)
def test_what_has_no_spans_of_any_form(tmp_path, content):
    assert "cannot be read" in refusal(tmp_path, content)


def test_a_file_of_which_no_span_can_be_used_says_why(tmp_path):
    assert "its span id is missing, zero or not 8 bytes" in refusal(
        tmp_path, otlp(otlp_span(spanId="0" * 16))
    )


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UnreadableFile, match="There is no file"):
        read(tmp_path / "nope.json")


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_a_name_that_no_file_can_have(name):
    with pytest.raises(UnreadableFile):
        read(name)


def test_a_pattern_that_matches_nothing(tmp_path):
    with pytest.raises(UnreadableFile, match="No file matches"):
        read(tmp_path / "*.json")


def test_a_folder_without_files(tmp_path):
    with pytest.raises(UnreadableFile, match="holds no files"):
        read(tmp_path)


def test_a_folder_in_which_nothing_is_a_trace_file(tmp_path):
    (tmp_path / "a.txt").write_text("hello")

    with pytest.raises(UnreadableFile, match=r"No file of .* holds traces"):
        read(tmp_path)


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(UnreadableFile, match="neither a file nor a folder"):
        read(tmp_path / "pipe")


class Locked(type(Path())):
    """A file that the disk refuses, which for root no real one does."""

    def open(self, *_args, **_kwargs):
        raise PermissionError(13, "Permission denied")


def test_a_file_without_permission():
    with pytest.raises(UnreadableFile, match="permission denied"):
        next(Content(Locked("spans"), SMALL, print))


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_a_bomb_ends_early(tmp_path, compress):
    assert "more than 250 times its size" in refusal(tmp_path, compress(b" " * 7 * MIB))


def test_a_file_that_is_too_large_ends_early(tmp_path):
    limits = replace(SMALL, max_spans=1_000_000)

    assert "larger than 8 MiB" in refusal(tmp_path, GOOD * (9 * MIB // len(GOOD)), limits)


def test_good_lines_count_and_bad_ones_are_named(tmp_path):
    path = tmp_path / "mixed.jsonl"
    path.write_bytes(
        b"nonsense\n" + GOOD + b"\n" + GOOD[:50] + b"\n" + b"x" * 2 * MIB + b"\n" + GOOD + GOOD[:-30]
    )

    found = asyncio.run(FilesBackend(str(path), SMALL).find_spans(EVERYTHING))

    assert (len(found.spans), found.unreadable) == (2, 4)
    assert [note.split(" was")[0] for note in found.notes] == [
        f"mixed.jsonl line {line}" for line in (1, 4, 5, 7)
    ]


LINES = b"".join(otlp(otlp_span(spanId=f"{number:016x}")) + b"\n" for number in range(1, 4001))
"""More than is decompressed at once, and more than a block of zstd holds."""

CUT_OFF = "cut.jsonl ends too early: what would follow is missing here."


def flushed_gzip(data):
    """As a program leaves it that is killed after it has flushed: nothing but the end is missing."""
    compressor = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH)


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_of_compressed_lines_that_end_too_early_the_good_ones_are_read_and_the_rest_is_said_to_be_missing(
    tmp_path, compress
):
    whole = compress(LINES)
    path = tmp_path / "cut.jsonl"
    path.write_bytes(whole[: len(whole) * 3 // 4])

    found = asyncio.run(FilesBackend(str(path)).find_spans(EVERYTHING))

    assert 2000 < len(found.spans) < 4000
    assert (found.truncated, found.unreadable) == (True, 1)
    assert found.notes[0].startswith(f"cut.jsonl line {len(found.spans) + 1} was left out: ")
    assert found.notes[1:] == (CUT_OFF,)


def test_compressed_lines_of_which_only_the_end_is_missing_are_all_read(tmp_path):
    path = tmp_path / "cut.jsonl"
    path.write_bytes(flushed_gzip(LINES))

    found = asyncio.run(FilesBackend(str(path)).find_spans(EVERYTHING))

    assert (len(found.spans), found.truncated, found.unreadable) == (4000, True, 0)
    assert found.notes == (CUT_OFF,)


def collector_file(*messages):
    return b"".join(len(message).to_bytes(4) + message for message in messages)


def read_messages(tmp_path, content):
    path = tmp_path / "cut.jsonl"
    path.write_bytes(content)
    return read(path, Limits())


MESSAGE = (SAMPLES / "otlp.pb").read_bytes()


@pytest.mark.parametrize("lost", [1, 5, len(MESSAGE) - 1, len(MESSAGE) + 2])
def test_of_a_protobuf_file_that_is_cut_off_whole_messages_are_read_and_the_cut_one_is_counted(
    tmp_path, lost
):
    found = read_messages(tmp_path, collector_file(MESSAGE, MESSAGE)[:-lost])

    assert (len(found.spans), found.unreadable, found.truncated) == (4, 1, True)
    assert found.notes == ("cut.jsonl message 2 was left out: it is cut off or damaged.", CUT_OFF)


def test_a_message_of_a_protobuf_file_that_cannot_be_read_spoils_no_other(tmp_path):
    found = read_messages(tmp_path, collector_file(MESSAGE, b"\n\x05hello", MESSAGE))

    assert (len(found.spans), found.unreadable, found.truncated) == (8, 1, False)
    assert found.notes[0].startswith("cut.jsonl message 2 was left out: as OTLP protobuf, ")


def test_a_protobuf_file_that_is_cut_off_in_its_first_message_says_so(tmp_path):
    problem = refusal(tmp_path, collector_file(MESSAGE)[:-5])

    assert "none of its messages is a trace; it is cut off or damaged" in problem


def test_a_protobuf_file_that_is_compressed_and_cut_off_is_said_once_to_be(tmp_path):
    whole = flushed_gzip(collector_file(MESSAGE, MESSAGE)[:-5])

    found = read_messages(tmp_path, whole)

    assert (len(found.spans), found.unreadable, found.truncated) == (4, 1, True)
    assert found.notes[1:] == (CUT_OFF,)


def test_more_spans_than_allowed_are_left_out_and_said(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_bytes(GOOD * 8)

    found = asyncio.run(FilesBackend(str(path), SMALL).find_spans(EVERYTHING))

    assert (len(found.spans), found.truncated) == (5, True)


def test_more_files_than_allowed_are_left_out_and_said(tmp_path):
    for number in range(5):
        (tmp_path / f"{number}.json").write_bytes(GOOD)

    found = asyncio.run(FilesBackend(str(tmp_path), SMALL).find_spans(EVERYTHING))

    assert (len(found.spans), found.truncated, found.notes) == (
        3,
        True,
        ("Only the first 3 files were read.",),
    )


def test_an_empty_list_of_traces_is_an_answer(tmp_path):
    path = tmp_path / "none.json"
    path.write_text('{"data": []}')

    found = read(path)

    assert (len(found.spans), found.notes) == (0, ("none.json holds no spans.",))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("~nobody-of-this-name/spans.json", "no file can have this name"),
        ("user:hunter2@host:16686/", "There is no file user:…@host:16686/"),
    ],
)
def test_what_was_not_meant_as_a_file_is_said_in_words_and_without_its_password(path, said):
    with pytest.raises(UnreadableFile, match=said):
        read(path)
