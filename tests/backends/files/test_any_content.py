"""Whatever a file holds, reading it ends, with spans or with an error in words."""

from __future__ import annotations

import asyncio
import contextlib
import gzip

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backends.errors import UnreadableFile
from backends.files.backend import FilesBackend
from tests.backends.files.test_samples import SAMPLES, TRACE_ID

FUZZ = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BEGINNINGS = [
    b"",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"PAR1",
    b"\n",
    b"\n{\n",
    b"{",
    b"[",
    b"\0\0\0\x05\n",
    b"\xef\xbb\xbf{",
]
NAMES = sorted(path.name for path in SAMPLES.iterdir())


def read(path):
    with contextlib.suppress(UnreadableFile):
        asyncio.run(FilesBackend(str(path)).find_trace(TRACE_ID))


@FUZZ
@given(first=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=100))
def test_random_content_behind_a_telling_beginning(tmp_path, first, rest):
    path = tmp_path / "file"
    path.write_bytes(first + rest)

    read(path)


@pytest.mark.parametrize("name", NAMES)
@settings(FUZZ, max_examples=20)
@given(at=st.integers(0, 6000), put=st.binary(min_size=1, max_size=4))
def test_a_sample_with_a_few_bytes_changed(tmp_path, name, at, put):
    whole = (SAMPLES / name).read_bytes()
    path = tmp_path / "file"
    path.write_bytes(whole[:at] + put + whole[at + len(put) :])

    read(path)


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.ZstdCompressor().compress])
@FUZZ
@given(lines=st.lists(st.binary(max_size=40), max_size=5))
def test_random_lines_among_good_ones_compressed(tmp_path, compress, lines):
    path = tmp_path / "file"
    path.write_bytes(compress((SAMPLES / "otlp-lines.jsonl").read_bytes() + b"\n".join(lines)))

    read(path)
