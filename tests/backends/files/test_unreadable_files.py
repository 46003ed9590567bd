"""What cannot be read is said in words, whatever it is."""

from __future__ import annotations

import asyncio
import gzip
import os
from pathlib import Path

import pytest
import zstandard

from backends.errors import UnreadableFile
from backends.files.backend import FilesBackend
from backends.files.decompression import read_chunks
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


@pytest.mark.parametrize("name", ["otlp.pb", "otlp-collector-file.pb", "spans.parquet"])
def test_a_truncated_binary_file(tmp_path, name):
    assert "cannot be read" in refusal(tmp_path, (SAMPLES / name).read_bytes()[:-40])


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
        next(read_chunks(Locked("spans"), SMALL, print))


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_a_bomb_ends_early(tmp_path, compress):
    assert "more than 250 times its size" in refusal(tmp_path, compress(b" " * 7 * MIB))


def test_a_file_that_is_too_large_ends_early(tmp_path):
    assert "larger than 8 MiB" in refusal(tmp_path, GOOD * (9 * MIB // len(GOOD)))


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
