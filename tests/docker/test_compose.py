"""compose.yaml: services that exist, secrets from outside, and variables that somebody reads."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from config.reading import read_settings

REPOSITORY = Path(__file__).parents[2]
TEXT = (REPOSITORY / "compose.yaml").read_text("utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
KEYS = frozenset(
    "build cap_drop command depends_on entrypoint environment healthcheck image init ports restart security_opt "
    "stop_grace_period volumes".split()
)
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
OUR_SECRETS = {"POSTGRES_PASSWORD": "0123abcd", "TRACEWHY_SLACK__BOT_TOKEN": "xoxb-1"}


def interpolated(text, given):
    """As Compose does it: `${NAME:-default}` and `${NAME:?what is missing}`."""
    return VARIABLE.sub(lambda found: given.get(found[1]) or (found[3] if found[2] == "-" else ""), text)


def environment(service, given=OUR_SECRETS):
    return {
        name: interpolated(str(value), given)
        for name, value in SERVICES[service].get("environment", {}).items()
    }


def otelcol_text():
    return (REPOSITORY / "docker/otelcol.yaml").read_text("utf-8")


def test_it_has_the_bot_and_everything_around_it():
    assert set(SERVICES) == {"tracewhy", "postgres", "jaeger", "collector", "shop"}
    assert set(COMPOSE) == {"name", "services", "volumes"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_an_image_and_nothing_that_compose_does_not_know(name):
    service = SERVICES[name]

    assert set(service) <= KEYS
    assert re.fullmatch(r"tracewhy|[\w./-]+:[\w.-]*\d[\w.-]*", service["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_it_waits_for_services_that_are_there_and_for_health_only_where_it_is_told(name):
    waited = SERVICES[name].get("depends_on", {})
    healthy = {other for other, how in waited.items() if how["condition"] == "service_healthy"}

    assert set(waited) <= set(SERVICES)
    assert {how["condition"] for how in waited.values()} <= CONDITIONS
    assert healthy <= {"tracewhy", "postgres"}  # the image's health check, and the one in the file


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_published_on_this_machine_only(name):
    published = SERVICES[name].get("ports", [])

    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port) for port in published)


def test_no_port_is_published_twice():
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert len(published) == len({port.rpartition(":")[0] for port in published})


@pytest.mark.parametrize("name", SERVICES)
def test_volumes_are_named_or_files_of_the_tree(name):
    sources = [volume.split(":")[0] for volume in SERVICES[name].get("volumes", [])]

    assert all(source in COMPOSE["volumes"] or (REPOSITORY / source).is_file() for source in sources)


def test_the_bot_understands_its_variables():
    settings = read_settings(None, environment("tracewhy") | {"TRACEWHY_RECEIVERS__HOST": "0.0.0.0"})

    assert settings.state.url.get_secret_value() == "postgresql://tracewhy:0123abcd@postgres/tracewhy"
    assert settings.slack.bot_token.get_secret_value() == "xoxb-1"
    assert settings.slack.app_token is None
    assert settings.links.trace == "http://localhost:16686/trace/{trace_id}"


def test_without_tokens_the_bot_is_simply_not_in_slack():
    settings = read_settings(None, environment("tracewhy", {"POSTGRES_PASSWORD": "x"}))

    assert not settings.slack.is_wanted


def test_no_secret_stands_in_it_and_each_is_named_in_the_example():
    example = (REPOSITORY / ".env.example").read_text("utf-8")
    secrets = {
        name for name, sign, _ in VARIABLE.findall(TEXT) if sign == "?" or "TOKEN" in name or "SECRET" in name
    }

    assert secrets == set(re.findall(r"^(\w+)=$", example, re.MULTILINE))
    assert ".env" in (REPOSITORY / ".gitignore").read_text("utf-8").splitlines()


def test_the_shop_understands_its_command():
    result = subprocess.run(
        [sys.executable, *SERVICES["shop"]["entrypoint"][1:], *SERVICES["shop"]["command"], "--help"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )

    assert result.returncode == 0


def test_the_collector_sends_to_both_stores_and_gets_what_the_shop_sends():
    collector = yaml.safe_load(otelcol_text())
    targets = [exporter["endpoint"] for exporter in collector["exporters"].values()]

    assert re.findall(r":-(\w+):4317", " ".join(targets)) == ["jaeger", "tracewhy"]
    assert "collector:4317" in SERVICES["shop"]["command"]
    assert collector["service"]["pipelines"]["traces"]["processors"][:2] == [
        "probabilistic_sampler",
        "tail_sampling",
    ]


@pytest.mark.server
def test_the_collectors_configuration_is_valid(otelcol_program):
    result = subprocess.run(
        [otelcol_program, "validate", "--config", f"file:{REPOSITORY / 'docker/otelcol.yaml'}"],
        env=environment("collector"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.server
def test_its_options_are_those_of_the_real_collector(otelcol_program):
    options = [option for option in SERVICES["collector"]["command"] if not option.startswith("--config")]

    result = subprocess.run(
        [otelcol_program, "validate", "--config", f"file:{REPOSITORY / 'docker/otelcol.yaml'}", *options],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (0, "")
