"""`tracewhy ask` over drawn traces."""

from __future__ import annotations

import json

import pytest

from backends.errors import BackendUnreachable, UnreadableFile
from tests.bot.cli.running import run_here
from tests.bot.drawn_stores import CHECKOUT, CHECKOUT_ID, DrawnBackend, DrawnStores

DOWN = BackendUnreachable("drawn://here cannot be reached.", "Check its url.")


def ask(*arguments, questions=b"", **backend):
    return run_here("ask", *arguments, stores=DrawnStores(DrawnBackend(**backend)), questions=questions)


def test_an_answer_for_people_is_a_page_on_stdout():
    ran = ask(CHECKOUT_ID)

    assert ran.status == 0
    assert ran.out.startswith("POST /checkout took 400 ms;")
    assert ran.err == ""


def test_an_answer_for_programs_is_one_object_on_stdout():
    ran = ask(CHECKOUT_ID, "--format", "json")

    assert ran.status == 0
    assert json.loads(ran.out)["kind"] == "breakdown"
    assert ran.out.count("\n") == 1


def test_the_clock_and_the_zone_can_be_fixed():
    ran = ask(CHECKOUT_ID, "--format", "json", "--now", "2026-01-02T03:04:05", "--zone", "Europe/Prague")

    assert json.loads(ran.out)["asked_at"] == "2026-01-02T02:04:05.000000000Z"


def test_times_are_shown_in_the_zone_asked_for():
    assert "1970-01-01 09:00:00 JST" in ask(CHECKOUT_ID, "--zone", "Asia/Tokyo").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--zone", "Mars/Olympus"), "no time zone 'Mars/Olympus'"),
        (("--zone", "../../etc/passwd"), "no time zone"),
        (("--now", "tomorrow"), "'tomorrow' is no time"),
        (("--format", "xml"), "Invalid value for '--format': 'xml' is not one of 'text', 'json', 'slack'."),
        (("--colour",), "--colour"),
    ],
)
def test_an_option_that_makes_no_sense_is_status_2_in_words(arguments, words, capsys):
    ran = ask(CHECKOUT_ID, *arguments)

    assert ran.status == 2
    assert words in capsys.readouterr().err
    assert ran.out == ""


def test_what_is_not_understood_goes_to_stderr_with_status_2():
    ran = ask("what is love")

    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("“what is love” is nothing that traces can answer.\nAsk for the slowest")


@pytest.mark.parametrize(("error", "status"), [(DOWN, 3), (UnreadableFile("It is empty.", "Check it."), 4)])
def test_a_failing_store_has_its_status_and_for_programs_its_object(error, status):
    text, as_json = ask(CHECKOUT_ID, error=error), ask(CHECKOUT_ID, "--format", "json", error=error)

    assert (text.status, as_json.status) == (status, status)
    assert text.err == f"{error.problem}\n{error.advice}\n"
    assert json.loads(as_json.out)["kind"] == "error"
    assert json.loads(as_json.out)["advice"] == error.advice
    assert as_json.err == ""


def test_questions_on_stdin_are_answered_a_line_each_in_order():
    questions = f"{CHECKOUT_ID}\nwhat is love\n\nhelp\r\n".encode()

    ran = ask("-", questions=questions)

    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [answer["kind"] for answer in answers] == ["breakdown", "error", "error", "choice"]
    assert [answer["question"] for answer in answers] == [CHECKOUT_ID, "what is love", "", "help"]
    assert ran.status == 2


def test_bytes_that_are_no_text_are_a_question_too():
    ran = ask("-", questions=b"\xff\xfe\x00 \xed\xa0\x80\n")

    assert json.loads(ran.out)["kind"] == "error"


def test_no_questions_are_no_answers():
    ran = ask("-")

    assert (ran.status, ran.out, ran.err) == (0, "", "")


def test_our_own_mistake_is_one_answer_among_the_others():
    ran = ask("-", questions=f"{CHECKOUT_ID}\nhelp\n".encode(), error=KeyError("secret"))

    first, second = (json.loads(line) for line in ran.out.splitlines())
    assert first["problem"] == "tracewhy stopped because of a mistake of its own (KeyError)."
    assert "secret" not in ran.out
    assert second["kind"] == "choice"


def test_a_dry_run_reads_no_spans():
    ran = ask(CHECKOUT_ID, "--dry-run", error=DOWN)

    planned = json.loads(ran.out)
    assert ran.status == 0
    assert planned["text"] == CHECKOUT_ID
    assert planned["understood"]["trace_id"] == CHECKOUT_ID


def test_a_dry_run_of_many_plans_each_line():
    ran = ask("-", "--dry-run", questions=f"{CHECKOUT_ID}\nwhat is love\n".encode())

    assert [json.loads(line)["understood"] is None for line in ran.out.splitlines()] == [False, True]
    assert ran.status == 2


def test_several_traces_in_a_file_are_a_choice_on_stdout():
    ran = ask("day.json", picture=f"{CHECKOUT}---{CHECKOUT}")

    assert ran.status == 2
    assert "Which one?" in ran.out
    assert f"tracewhy ask {CHECKOUT_ID} --backend day.json" in ran.out


def test_an_answer_for_slack_is_one_object_with_text_and_blocks():
    ran = ask(CHECKOUT_ID, "--format", "slack")

    message = json.loads(ran.out)
    assert ran.status == 0
    assert message["text"].startswith("POST /checkout took 400 ms;")
    assert message["blocks"][0]["type"] == "rich_text"
    assert ran.out.count("\n") == 1


def test_questions_on_stdin_can_be_answered_for_slack():
    ran = ask("-", "--format", "slack", questions=b"help\nwhat is love\n")

    assert [sorted(json.loads(line)) for line in ran.out.splitlines()] == [["blocks", "text"]] * 2


def test_a_failure_for_slack_is_a_message_too():
    ran = ask(CHECKOUT_ID, "--format", "slack", error=DOWN)

    assert ran.status == 3
    assert json.loads(ran.out)["text"] == "drawn://here cannot be reached."
    assert ran.err == ""
