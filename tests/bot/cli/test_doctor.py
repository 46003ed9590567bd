"""`tracewhy doctor`, run as people run it."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from demo import SLOW_CHECKOUT
from tests.bot.cli.running import ROOT, run_tracewhy
from tests.bot.cli.serving import serving


@pytest.fixture
def doctor(tmp_path):
    """A check-up over a folder of its own, with ports that are free."""

    def ran(*arguments, **variables):
        settings = {
            "STORE__FOLDER": str(tmp_path / "store"),
            "STORE__KEEP_MIB": "1",
            "RECEIVERS__GRPC_PORT": "0",
            "RECEIVERS__HTTP_PORT": "0",
            **variables,
        }
        return run_tracewhy(
            "doctor", *arguments, **{f"TRACEWHY_{name}": value for name, value in settings.items()}
        )

    return ran


def test_a_machine_without_slack_works_with_a_warning(doctor, tmp_path):
    ran = doctor()

    assert (ran.status, ran.err) == (0, "")
    assert [line[:4] for line in ran.out.splitlines()] == ["ok  ", "warn", *["ok  "] * 5, "", "Work"]
    assert not (tmp_path / "store").exists()


def test_each_failure_is_a_line_with_what_to_do_and_the_status_is_3(doctor):
    ran = doctor(
        SLACK__BOT_TOKEN="xoxb-hidden",
        SLACK__APP_TOKEN="xapp-hidden",
        SLACK__API_URL="http://127.0.0.1:1/api/",
        BACKENDS__PROD="jaeger://me:hidden@127.0.0.1:1",
        STATE__URL="postgresql://me:hidden@127.0.0.1:1/name",
    )

    failed = [line.split(maxsplit=1)[1] for line in ran.out.splitlines() if line.startswith("FAIL")]
    assert ran.status == 3
    assert [" ".join(line.split()[:2]) for line in failed] == [
        "slack http://127.0.0.1:1/api/",
        "backend prod",
        "state The",
    ]
    assert [line for line in failed if "Check " not in line] == []
    assert ran.out.endswith("3 of 9 fail: start with the first.\n")
    assert "hidden" not in ran.out + ran.err


def test_settings_that_make_no_sense_are_the_only_finding(doctor):
    ran = doctor(SLACK__MODE="carrier-pigeon")

    assert ran.status == 3
    assert ran.out.startswith("FAIL  settings  The setting slack.mode makes no sense: ")
    assert ran.out.endswith("1 of 1 fail: start with the first.\n")


def test_for_programs_there_is_json(doctor):
    ran = doctor("--format", "json", SLACK__MODE="carrier-pigeon")

    told = json.loads(ran.out)
    assert ran.status == 3
    assert (told["schema"], told["failed"]) == ("tracewhy.doctor/1", True)
    assert [(finding["about"], finding["level"]) for finding in told["findings"]] == [("settings", "fail")]


def test_colour_is_for_terminals_or_by_force(doctor, monkeypatch):
    coloured = run_tracewhy(
        "doctor", FORCE_COLOR="1", TRACEWHY_STORE__FOLDER="/nowhere/x", TRACEWHY_SLACK__MODE="x"
    )

    assert "\x1b[31;1mFAIL\x1b[0m" in coloured.out
    assert "\x1b" not in doctor().out


def test_own_spans_are_looked_at_and_a_running_server_left_alone(doctor, tmp_path):
    with serving(tmp_path / "store") as server:
        run_tracewhy("ingest", str(SLOW_CHECKOUT), "--store", str(server.folder))

        ran = doctor()

        assert ran.status == 0
        assert re.search(
            r"^ok +own spans +embedded://.* answers and knows \d+ services", ran.out, re.MULTILINE
        )
        assert "ports" in ran.out
        assert "in use by the tracewhy that runs here" in ran.out


def test_trace_files_are_a_store_as_any_other(doctor, tmp_path):
    shutil.copy(SLOW_CHECKOUT, tmp_path / "trace.json")

    ran = doctor(BACKENDS__FILES=str(tmp_path / "*.json"))

    assert ran.status == 0
    assert re.search(r"^ok +backend files +.* answers", ran.out, re.MULTILINE)


def test_every_line_has_its_place_in_the_reference():
    page = (ROOT / "docs" / "reference" / "doctor.md").read_text()
    sources = "\n".join(path.read_text() for path in sorted((ROOT / "bot/services/doctor").glob("*.py")))
    names = re.findall(r'^(?:ABOUT|[A-Z_, ]+) = ("[a-z ]+"(?:, "[a-z ]+")*)$', sources, re.MULTILINE)

    lines = [name for group in names for name in re.findall(r'"([a-z ]+)"', group)]

    assert len(lines) >= 8
    assert [name for name in lines if f"`{name}`" not in page] == []
