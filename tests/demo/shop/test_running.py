"""The shop opens, tells the truth, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo.shop.fault import Fault, FaultFile
from demo.shop.running import Shop, ShopBroken, report
from tests.demo.shop.sink import running_sink

REPOSITORY = Path(__file__).parents[3]
REQUESTS = 60
GONE_S = 15


@pytest.fixture(scope="module")
def closed_shop():
    """The truth and the spans of a shop that sent its requests and closed."""
    with running_sink() as sink:
        with Shop(sink.address, rate=30, requests=REQUESTS) as shop:
            shop.open()
            shop.wait_until_closed()
            shop.finish()
            sent = shop.truth()
        yield sent, sink.table(), shop.folder


@pytest.fixture
def open_shop(tmp_path):
    """`python -m demo.shop`, open; what it said, its process and the folder it said it uses."""
    with running_sink() as sink:
        command = [sys.executable, "-m", "demo.shop", "--otlp", sink.address, "--fault", "n_plus_one"]
        with subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env={**os.environ, "TMPDIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            lines = [process.stdout.readline() for _ in range(3)]
            yield process, Path(lines[2].partition(": ")[2].strip())
            process.kill()


def processes_of(folder):
    """Processes that were started for the shop in that folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [entry] if str(folder).encode() in entry.read_bytes() else []
        except OSError:
            continue
    return found


def wait_until_gone(folder):
    deadline_s = time.monotonic() + GONE_S
    while processes_of(folder) and time.monotonic() < deadline_s:
        time.sleep(0.05)
    return processes_of(folder)


def test_every_request_is_in_the_truth_once(closed_shop):
    sent, _, _ = closed_shop

    assert sorted(each.request for each in sent) == list(range(1, REQUESTS + 1))
    assert {each.status for each in sent} == {200}
    assert report(sent) == f"{REQUESTS} requests were answered, 0 of them with an error"


def test_the_spans_agree_with_the_truth(closed_shop):
    sent, spans, _ = closed_shop

    roots = {spans.trace_ids[trace] for trace in spans.trace[spans.parent_id == 0]}
    receipts = sum(spans.operations[code] == "process receipts" for code in spans.operation)

    assert roots == {each.trace_id for each in sent}
    assert receipts == sum(each.path == "/checkout" for each in sent)


def test_the_load_is_the_same_every_time(closed_shop):
    sent, _, _ = closed_shop
    first = min((each for each in sent if each.user_id), key=lambda each: each.request)

    assert (first.request, first.user_id, first.order_id) == FIRST_ORDER


FIRST_ORDER = (1, 33, "o-000001")


def test_its_folder_is_gone_and_so_are_its_processes(closed_shop):
    _, _, folder = closed_shop

    assert not folder.exists()
    assert processes_of(folder) == []


@pytest.mark.parametrize(("told", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_told_to_stop_it_leaves_nothing_behind(open_shop, told, status):
    process, folder = open_shop

    process.send_signal(told)

    assert process.wait(GONE_S) == status
    assert processes_of(folder) == []
    assert not folder.exists()


def test_when_it_is_killed_its_processes_end_by_themselves(open_shop):
    process, folder = open_shop

    process.kill()

    assert wait_until_gone(folder) == []


def kill_payment(sink):
    """Opens a shop, kills one of its services and looks until that is seen; gives back the shop's folder."""
    with pytest.raises(ShopBroken) as raised, Shop(sink.address) as shop:  # noqa: PT012 - both may raise it
        os.kill(shop.processes["payment"], signal.SIGKILL)
        while True:
            shop.look()
    return shop.folder, str(raised.value)


def test_a_service_that_crashes_closes_the_shop_in_words():
    with running_sink() as sink:
        folder, words = kill_payment(sink)

    assert words == "The shop's payment ended by itself (status -9); the shop is closed."
    assert processes_of(folder) == []
    assert not folder.exists()


def test_a_fault_that_nobody_knows_is_refused_with_those_there_are():
    result = subprocess.run(
        [sys.executable, "-m", "demo.shop", "--fault", "floods"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 2
    assert "floods" in result.stderr


def test_the_file_of_faults_holds_what_was_written_and_ignores_what_is_no_fault(tmp_path):
    faults = FaultFile(tmp_path)

    assert faults.all() == frozenset()

    faults.write(Fault.N_PLUS_ONE, Fault.SLOW_NETWORK)
    with (tmp_path / "faults").open("a") as file:
        file.write("nonsense\n")

    assert faults.all() == {Fault.N_PLUS_ONE, Fault.SLOW_NETWORK}
