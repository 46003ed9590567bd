"""Settings as people write them, well and badly."""

from pathlib import Path

import pytest
import yaml

from config.names import leaves, variable
from config.reading import read_settings
from config.refusal import UnusableSettings
from config.secret_files import SUFFIX
from config.settings import Settings

EXAMPLE = Path(__file__).parents[2] / "config" / "tracewhy.example.yaml"
VALUES = {
    "slack.mode": "http",
    "slack.api_url": "http://127.0.0.1:1/api/",
    "slack.workers": "7",
    "access.direct_messages": "false",
    "access.questions": "slowest, errors",
    "links.trace": "https://jaeger.example/trace/{trace_id}",
}
"""What a variable may hold where a number is no value."""


def refusal(tmp_path, text="", environment=None, given=None):
    """What is said of a file or an environment."""
    file = tmp_path / "tracewhy.yaml"
    file.write_text(text)
    with pytest.raises(UnusableSettings) as caught:
        read_settings(file, environment or {}, given)
    return caught.value


def test_the_example_holds_the_defaults():
    assert read_settings(EXAMPLE, {}) == read_settings(None, {}) == Settings()


def test_the_example_names_every_setting():
    written = yaml.safe_load(EXAMPLE.read_text())

    named = {
        f"{group}.{name}" if isinstance(inner, dict) else group
        for group, inner in written.items()
        for name in (inner if isinstance(inner, dict) else [group])
    }

    assert named == {setting for setting, _ in leaves()}


def test_every_setting_is_described():
    assert [setting for setting, field in leaves() if not field.description] == []


def test_a_variable_wins_over_the_file_and_an_option_over_both(tmp_path):
    file = tmp_path / "tracewhy.yaml"
    file.write_text("receivers: {grpc_port: 1, http_port: 2, waiting_mib: 44}")
    environment = {"TRACEWHY_RECEIVERS__HTTP_PORT": "22", "TRACEWHY_RECEIVERS__WAITING_MIB": "55"}

    receivers = read_settings(
        file, environment, {"receivers.waiting_mib": 66, "receivers.drain_s": None}
    ).receivers

    assert (receivers.grpc_port, receivers.http_port, receivers.waiting_mib) == (1, 22, 66)


@pytest.mark.parametrize("setting", [name for name, _ in leaves() if not name.endswith(SUFFIX)])
def test_every_setting_has_a_variable(setting):
    assert read_settings(None, {variable(setting): VALUES.get(setting, "12345")}) != Settings()


def test_an_empty_file_changes_nothing(tmp_path):
    file = tmp_path / "tracewhy.yaml"
    file.write_text("# nothing\n")

    assert read_settings(file, {}) == Settings()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("receivers: {grpc_prot: 1}", "Did you mean receivers.grpc_port?"),
        ("recievers: {}", "Did you mean receivers?"),
        ("store: {keep_hours: 3}", "Did you mean store.keep_h?"),
    ],
)
def test_a_key_that_does_not_exist_is_refused_with_the_one_that_was_meant(tmp_path, text, meant):
    error = refusal(tmp_path, text)

    assert error.problem.startswith("There is no setting ")
    assert error.advice.startswith(meant)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TRACEWHY_RECEIVERS__GRPC_PROT", "Did you mean TRACEWHY_RECEIVERS__GRPC_PORT?"),
        ("TRACEWHY_RECEIVERS_GRPC_PORT", "Did you mean TRACEWHY_RECEIVERS__GRPC_PORT?"),
        ("TRACEWHY_BACKENDS", "Did you mean TRACEWHY_BACKEND?"),
        ("tracewhy_debug", "Did you mean TRACEWHY_DEBUG?"),
        ("TRACEWHY_STORE", ""),
    ],
)
def test_a_variable_that_nobody_reads_is_refused_with_the_one_that_was_meant(tmp_path, name, meant):
    error = refusal(tmp_path, environment={name: "secret-value"})

    assert name in error.problem
    assert error.advice.startswith(meant)
    assert "secret-value" not in str(error)


@pytest.mark.parametrize(
    "name",
    [
        "TRACEWHY_BACKEND",
        "TRACEWHY_BACKEND_TOKEN_FILE",
        "TRACEWHY_DEBUG",
        "TRACEWHY_SERVERS_DIR",
        "TRACEWHY_TEST_JAEGER_URL",
    ],
)
def test_variables_of_commands_and_tests_are_known(name):
    assert read_settings(None, {name: "x"}) == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("receivers: {grpc_port: 70000}", "The setting receivers.grpc_port makes no sense"),
        ("store: {keep_h: -1}", "greater than 0"),
        ("store: {keep_h: .inf}", "The setting store.keep_h makes no sense"),
        ("receivers: {drain_s: .nan}", "The setting receivers.drain_s makes no sense"),
        ("store: 7", "The setting store makes no sense"),
        ("store: [", "is not YAML at line 1"),
        ("store:\n  !!map [a, b]", "is not YAML at line 2"),
        ("store: {keep_h: !!float ''}", "is not YAML"),
        ("slack: !!bool maybe", "is not YAML"),
        ("store: !!set [a]", "is not YAML"),
        ("- a", "does not hold settings by name"),
        ("7: 8", "does not hold settings by name"),
        ("a: " + "[" * 5_000, "is not YAML"),
    ],
)
def test_what_makes_no_sense_is_said(tmp_path, text, said):
    assert said in refusal(tmp_path, text).problem


@pytest.mark.parametrize(
    ("text", "given"),
    [("store: 5", {"store.folder": "/spans"}), ("receivers: 14317", {"receivers.grpc_port": 1})],
)
def test_an_option_does_not_hide_what_makes_no_sense(tmp_path, text, given):
    file = tmp_path / "tracewhy.yaml"
    file.write_text(text)

    with pytest.raises(UnusableSettings, match=f"The setting {text.partition(':')[0]} makes no sense"):
        read_settings(file, {}, given)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"store:\n  keep_h: 1\n  keep_h: 2\n", "has keep_h twice, again at line 3"),
        (b"store: {keep_h: 1}\nreceivers: {}\nstore: {}\n", "has store twice, again at line 3"),
    ],
)
def test_a_file_is_not_half_read(tmp_path, content, said):
    file = tmp_path / "tracewhy.yaml"
    file.write_bytes(content)

    with pytest.raises(UnusableSettings, match=said):
        read_settings(file, {})


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UnusableSettings) as caught:
        read_settings(tmp_path / "nowhere.yaml", {})

    assert "nowhere.yaml cannot be read: No such file" in caught.value.problem


def test_a_file_may_not_be_endless():
    with pytest.raises(UnusableSettings) as caught:
        read_settings(Path("/dev/zero"), {})

    assert "too large" in caught.value.problem
