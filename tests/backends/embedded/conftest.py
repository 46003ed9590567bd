"""An open store."""

import pytest

from backends.embedded.span_store import SpanStore


@pytest.fixture
def store(tmp_path):
    opened = SpanStore.open(tmp_path / "store")
    yield opened
    opened.close()
