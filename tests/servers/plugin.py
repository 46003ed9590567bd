"""Fixtures for real servers, and the rule that none of their tests may be skipped where CI=true."""

from __future__ import annotations

import os

import pytest

from tests.servers.built import built
from tests.servers.jaeger import built_jaeger, running_jaeger
from tests.servers.postgres import installed_postgres, running_postgres

NOT_BUILT = "no real Jaeger here: run `make servers` first (needs Go)"
NO_COLLECTOR = "no real OpenTelemetry Collector here: run `make servers` first (needs Go)"
NO_POSTGRES = "no PostgreSQL here: run `make servers` first, or install your system's package postgresql"
DECLARED = "declared: "
"""How the reason begins where a store says that it cannot be asked: the one skip that CI accepts."""


@pytest.fixture(scope="session")
def jaeger_program():
    program = built_jaeger()
    if program is None:
        pytest.skip(NOT_BUILT)
    return program


@pytest.fixture(scope="session")
def otelcol_program():
    program = built("otelcol")
    if program is None:
        pytest.skip(NO_COLLECTOR)
    return program


@pytest.fixture(scope="module")
def jaeger(jaeger_program, tmp_path_factory):
    with running_jaeger(jaeger_program, tmp_path_factory.mktemp("jaeger")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres():
    programs = installed_postgres()
    if programs is None:
        pytest.skip(NO_POSTGRES)
    with running_postgres(programs) as running:
        yield running


@pytest.fixture(scope="session")
def local_slack_program():
    """The program of the local Slack, one for the whole session as it takes a second to start."""
    from demo.local_slack.cache import NotBuilt, built  # noqa: PLC0415 - heavy, and few tests need it
    from demo.local_slack.program import Program  # noqa: PLC0415

    try:
        built("local_slack"), built("slack_schema")
    except NotBuilt as exc:
        pytest.skip(str(exc))
    with Program() as program:
        yield program


@pytest.fixture
def local_slack(local_slack_program):
    """Opens the local Slack, empty: `async with local_slack() as slack`; the options are those of LocalSlack."""
    from demo.local_slack.slack import LocalSlack  # noqa: PLC0415 - likewise

    return lambda **options: LocalSlack(local_slack_program, **options)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a server test that does not run is a failure, as otherwise nobody would notice."""
    report = yield
    if report.skipped and item.get_closest_marker("server") and os.environ.get("CI") == "true":
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if DECLARED not in reason:
            report.outcome = "failed"
            report.longrepr = (
                f"{item.nodeid} was skipped, and CI=true allows no skipped server test.\n{reason}"
            )
    return report
