"""Why something is slow, of one and the same two hours: asked of a file, of our own store, and of a real Jaeger."""

from __future__ import annotations

import json
import random
import urllib.request

import pytest

from tests.bot.cli.running import run_tracewhy

pytestmark = pytest.mark.server

NOON_NS = 1_795_348_800_000_000_000  # 2026-11-22T12:00:00Z
MS, MINUTE_NS = 1_000_000, 60_000_000_000
SERVER, CLIENT = 2, 3
ASKED = ("--now", "2026-11-22T12:00:00Z", "--zone", "UTC", "--format", "json")


def span(trace, number, parent, service, name, kind, start_ns, took_ms, version="1.4"):
    sent = {
        "traceId": f"{1 << 100 | trace:032x}",
        "spanId": f"{trace * 10 + number:016x}",
        "parentSpanId": f"{trace * 10 + parent:016x}" if parent else "",
        "name": name,
        "kind": kind,
        "startTimeUnixNano": str(start_ns),
        "endTimeUnixNano": str(start_ns + took_ms * MS),
    }
    return (service, version), sent


def request(trace, start_ns, pay_ms, version):
    return [
        span(trace, 1, 0, "frontend", "POST /buy", SERVER, start_ns, pay_ms + 50),
        span(trace, 2, 1, "frontend", "POST", CLIENT, start_ns + 10 * MS, pay_ms + 30),
        span(trace, 3, 2, "checkout", "POST /checkout", SERVER, start_ns + 15 * MS, pay_ms + 20),
        span(trace, 4, 3, "checkout", "POST", CLIENT, start_ns + 20 * MS, pay_ms + 10),
        span(trace, 5, 4, "payment", "POST /charge", SERVER, start_ns + 25 * MS, pay_ms, version),
    ]


def two_hours():
    """A request a minute and more, of which the last hour's wait for payment 2.0."""
    rng = random.Random(7)
    resources = {}
    for number in range(240):
        slow = number >= 120
        start_ns = NOON_NS - 120 * MINUTE_NS + number * MINUTE_NS // 2
        pay_ms = rng.randint(30, 60) + (250 if slow else 0)
        for resource, sent in request(number + 1, start_ns, pay_ms, "2.0" if slow else "1.4"):
            resources.setdefault(resource, []).append(sent)
    return json.dumps({"resourceSpans": [part(*resource, spans) for resource, spans in resources.items()]})


def part(service, version, spans):
    told = {"service.name": service, "service.version": version}
    attributes = [{"key": key, "value": {"stringValue": value}} for key, value in told.items()]
    return {"resource": {"attributes": attributes}, "scopeSpans": [{"spans": spans}]}


@pytest.fixture(scope="module")
def stores(jaeger, tmp_path_factory):
    """Addresses of stores that hold the same spans."""
    folder = tmp_path_factory.mktemp("two-hours")
    file, kept = folder / "spans.json", folder / "store"
    file.write_text(two_hours(), encoding="utf-8")
    taken = run_tracewhy("ingest", str(file), "--store", str(kept))
    assert taken.status == 0, taken.err
    send = urllib.request.Request(
        f"{jaeger.otlp_url}/v1/traces", file.read_bytes(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(send, timeout=60).close()
    return {"file": f"file://{file}", "own": f"embedded://{kept}", "jaeger": jaeger.url}


def told(stores, store, question):
    ran = run_tracewhy("ask", question, "--backend", stores[store], *ASKED)
    assert ran.status == 0, ran.out + ran.err
    return json.loads(ran.out)


def answer(report):
    """What does not depend on where the spans were."""
    kept = ("verdict", "change", "parts", "causes", "services_ranked", "attributes", "exemplars", "impact")
    return {key: report[key] for key in kept}


@pytest.mark.parametrize("store", ["file", "own", "jaeger"])
@pytest.mark.parametrize(
    "question",
    [
        "why is checkout slow",
        "why",
        "why payment since 11:00 vs previous hour",
        "why is p95 of checkout up",
        "compare payment v1.4 vs v2.0 last 2h",
    ],
)
def test_every_store_gives_the_same_reason(stores, store, question):
    report = told(stores, store, question)

    assert report["verdict"] == "slower", report["headline"]
    assert (report["causes"][0]["service"], report["causes"][0]["change"]) == ("payment", "self_time")
    assert sum(part["delta_ns"] for part in report["parts"]) == report["change"]["delta_ns"]
    assert answer(report) == answer(told(stores, "file", question))


@pytest.mark.parametrize("store", ["file", "own", "jaeger"])
def test_every_store_names_the_new_version(stores, store):
    report = told(stores, store, "why is checkout slow")

    evidence = [*report["causes"][0]["evidence"], *(one["value"] for one in report["attributes"])]
    assert any("2.0" in one for one in evidence), evidence


@pytest.mark.parametrize("store", ["file", "own", "jaeger"])
def test_every_store_tells_what_is_not_there(stores, store):
    ran = run_tracewhy("ask", "why is carts-api slow", "--backend", stores[store], *ASKED)

    assert ran.status == 2
    assert "carts-api" in ran.out
