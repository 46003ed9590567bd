"""One source, two ways to run it, the same result; and a cache that may not be there."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np

from analyzers.critical_path import critical_path
from analyzers.kernel import COMPILE_FROM_ITEMS, COMPILED_FROM_ITEMS
from analyzers.repair import repair
from analyzers.self_time import self_time_ns
from benchmarks.workload import random_table

PROGRAM = """
import sys
from analyzers.critical_path import critical_path
from analyzers.repair import repair
from benchmarks.workload import random_table

small = critical_path(repair(random_table(10, 20)).spans).own_ns.sum()
assert "numba" not in sys.modules, "a small table must not import numba"
large = repair(random_table(1_100, 20)).spans
assert critical_path(large).own_ns.sum() == large.duration_ns[large.root_row].sum()
assert "numba" in sys.modules
"""


def analysed(spans):
    repaired = repair(spans).spans
    path = critical_path(repaired)
    return np.stack((repaired.parent_row >= 0, repaired.relation, self_time_ns(repaired), path.own_ns))


def test_interpreted_and_compiled_loops_agree():
    traces, size = 1_200, 20
    whole = random_table(traces, size)
    assert len(whole) > COMPILE_FROM_ITEMS
    step = COMPILED_FROM_ITEMS // size - 1

    compiled = analysed(whole)
    parts = [
        whole.take(np.arange(first * size, min(first + step, traces) * size))
        for first in range(0, traces, step)
    ]
    interpreted = np.concatenate([analysed(_alone(part)) for part in parts], axis=1)

    assert (compiled == interpreted).all()


def _alone(part):
    """The part as a table of its own traces."""
    from dataclasses import replace  # noqa: PLC0415 - only here

    first, last = int(part.trace.min()), int(part.trace.max()) + 1
    return replace(
        part,
        trace=part.trace - first,
        trace_ids=part.trace_ids[first:last],
        root_row=part.root_row[first:last],
    )


def run(program, **environment):
    """What a fresh process prints as errors; warnings are errors there too."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stderr


def test_it_works_where_there_is_no_folder_to_cache_in(tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("not a folder")

    only_there = {
        "NUMBA_CACHE_DIR": str(blocked / "cache"),
        "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator",
    }
    assert run(PROGRAM, **only_there) == (0, "")


def test_it_works_where_the_disk_is_full(tmp_path):
    no_room = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
"""

    assert run(no_room + PROGRAM, NUMBA_CACHE_DIR=str(tmp_path / "cache")) == (0, "")
