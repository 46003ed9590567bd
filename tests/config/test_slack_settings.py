"""Settings of the bot: its secrets, who may ask, where links may lead."""

import json
import traceback

import pytest

from config.reading import read_settings
from config.refusal import UnusableSettings

SECRET = "xoxb-1-2-hidden"
POSTGRES = "postgresql://bot:hidden@db/tracewhy"


def read(tmp_path, text="", **environment):
    file = tmp_path / "tracewhy.yaml"
    file.write_text(text)
    return read_settings(file, {f"TRACEWHY_{name}": value for name, value in environment.items()})


def refusal(tmp_path, text="", **environment):
    with pytest.raises(UnusableSettings) as caught:
        read(tmp_path, text, **environment)
    return caught.value


def test_a_secret_is_read_from_a_file_without_the_line_end(tmp_path):
    secret = tmp_path / "token"
    secret.write_text(f"{SECRET}\n")

    settings = read(tmp_path, f"slack: {{bot_token_file: {secret}}}")

    assert settings.slack.bot_token.get_secret_value() == SECRET


def test_the_url_of_the_state_is_read_from_a_file_as_well(tmp_path):
    secret = tmp_path / "url"
    secret.write_text(POSTGRES)

    settings = read(tmp_path, STATE__URL_FILE=str(secret))

    assert settings.state.url.get_secret_value() == POSTGRES


def test_a_secret_and_its_file_together_are_refused(tmp_path):
    error = refusal(tmp_path, "slack: {bot_token_file: /x}", SLACK__BOT_TOKEN=SECRET)

    assert str(error) == "slack.bot_token and slack.bot_token_file are both given. Keep one of them."


@pytest.mark.parametrize("content", ["", "\n", "two\nlines", "\x00\x01", "x" * 20_000])
def test_a_file_that_holds_no_secret_is_refused_and_not_shown(tmp_path, content):
    secret = tmp_path / "token"
    secret.write_text(content)

    error = refusal(tmp_path, SLACK__APP_TOKEN_FILE=str(secret))

    assert str(error).startswith("The file that slack.app_token_file names holds no secret")


def test_a_secret_file_that_is_not_there_is_said(tmp_path):
    error = refusal(tmp_path, SLACK__SIGNING_SECRET_FILE="/nowhere/secret")

    assert str(error).startswith("The file that slack.signing_secret_file names cannot be read: No such file")


def test_an_empty_variable_is_no_secret(tmp_path):
    slack = read(tmp_path, SLACK__BOT_TOKEN="", SLACK__APP_TOKEN=" ").slack

    assert (slack.bot_token, slack.app_token, slack.is_wanted) == (None, None, False)


def test_no_secret_is_ever_shown(tmp_path):
    settings = read(
        tmp_path,
        f"backends: {{prod: 'jaeger://me:hidden@h:1'}}\nslack: {{bot_token: {SECRET}}}",
        SLACK__APP_TOKEN="xapp-hidden",
        SLACK__SIGNING_SECRET="hidden",
        STATE__URL=POSTGRES,
    )

    shown = [repr(settings), str(settings), json.dumps(settings.model_dump(mode="json"))]

    assert [text for text in shown if "hidden" in text] == []


@pytest.mark.parametrize(
    "text",
    [
        "slack: {bot_token: [xoxb-hidden]}",
        "slack: {bot_tokn: xoxb-hidden}",
        "slack: xoxb-hidden",
        "backends: xoxb-hidden",
        "backends: {prod: [xoxb-hidden]}",
        "state: {url: {a: xoxb-hidden}}",
        "slack: {mode: xoxb-hidden}",
    ],
)
def test_a_refusal_shows_no_value_nor_does_its_traceback(tmp_path, text):
    error = refusal(tmp_path, text)

    assert "hidden" not in "".join(traceback.format_exception(error))


def test_stores_are_named_by_the_file_and_by_variables(tmp_path):
    settings = read(tmp_path, "backends: {prod: 'jaeger://a:1'}", BACKENDS__STAGING="jaeger://b:1")

    urls = {name: url.get_secret_value() for name, url in settings.backends.items()}

    assert list(urls.items()) == [("prod", "jaeger://a:1"), ("staging", "jaeger://b:1")]


@pytest.mark.parametrize("text", ["slack:", "backends:\naccess:\nstate:\nlinks:", "backends: {}"])
def test_a_heading_with_nothing_beneath_changes_nothing(tmp_path, text):
    assert read(tmp_path, text) == read(tmp_path)


def test_lists_are_written_with_commas_in_variables(tmp_path):
    access = read(tmp_path, ACCESS__USERS="U1, U2,", ACCESS__QUESTIONS="slowest").access

    assert (access.users, access.questions) == (("U1", "U2"), ("slowest",))


@pytest.mark.parametrize(
    ("mode", "given", "missing"),
    [
        ("socket", {}, ("slack.bot_token", "slack.app_token")),
        ("socket", {"SLACK__BOT_TOKEN": "xoxb-1"}, ("slack.app_token",)),
        ("http", {"SLACK__BOT_TOKEN": "xoxb-1"}, ("slack.signing_secret",)),
        ("http", {"SLACK__BOT_TOKEN": "xoxb-1", "SLACK__SIGNING_SECRET": "s"}, ()),
    ],
)
def test_what_a_mode_still_needs_is_named(tmp_path, mode, given, missing):
    assert read(tmp_path, SLACK__MODE=mode, **given).slack.missing == missing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("slack: {mode: sockets}", "The setting slack.mode makes no sense"),
        ("slack: {api_url: 'slack.com/api'}", "begins with http:// or https://"),
        ("slack: {bot_tokn: x}", "There is no setting slack.bot_tokn. Did you mean slack.bot_token?"),
        ("access: {questions: [slow]}", "The setting access.questions.0 makes no sense"),
        ("links: {trace: 'https://jaeger.example/trace/'}", "has to hold {trace_id} once"),
        ("links: {trace: 'https://{trace_id}.example/'}", "has no place in the name of the host"),
        ("links: {trace: 'javascript:{trace_id}'}", "begins with http:// or https://"),
        ("links: {hosts: ['https://jaeger.example']}", "without https://, port and path"),
        ("links: {hosts: ['a b/c']}", "without https://, port and path"),
        ("state: {keep_events_h: 1}", "greater than or equal to 2"),
        ("state: {keep_report_d: 1}", "Did you mean state.keep_reports_d?"),
    ],
)
def test_what_makes_no_sense_is_said(tmp_path, text, said):
    assert said in str(refusal(tmp_path, text))


def test_hosts_are_compared_in_lower_case(tmp_path):
    assert read(tmp_path, LINKS__HOSTS="Jaeger.Example").links.hosts == ("jaeger.example",)
