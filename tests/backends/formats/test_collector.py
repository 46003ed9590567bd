from __future__ import annotations

import gc

import pytest

from backends.formats.collector import collector_paused


def test_the_collector_runs_again_after_the_last_pause():
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()

    assert gc.isenabled()


def test_it_runs_again_after_an_error():
    with pytest.raises(KeyError), collector_paused():
        raise KeyError

    assert gc.isenabled()
