"""What the environment means."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime

import pytest

from backends.errors import UnusableAddress
from bot.wiring import surroundings

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def around(monkeypatch):
    """Surroundings over streams that are no terminals."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{name}", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    return lambda **environment: surroundings(environment, NOON)


@pytest.mark.parametrize(
    ("environment", "encoding"),
    [
        ({}, "utf-8"),
        ({"LANG": "en_US.UTF-8"}, "utf-8"),
        ({"LANG": "C"}, "ascii"),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "ascii"),
        ({"LANG": "C", "LC_CTYPE": "cs_CZ.UTF-8"}, "utf-8"),
        ({"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, "ascii"),
        ({"LANG": "C.UTF-8"}, "utf-8"),
        ({"LANG": "C", "PYTHONUTF8": "1"}, "utf-8"),
    ],
)
def test_the_locale_says_what_a_terminal_can_show(around, environment, encoding):
    assert around(**environment).screen.encoding == encoding


@pytest.mark.parametrize(
    ("environment", "colour"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals_or_by_force(around, environment, colour):
    assert around(**environment).screen.colour is colour


@pytest.mark.parametrize(
    ("columns", "width"), [("132", 132), ("wide", 100), ("0", 100), ("99999999", 1_000), ("²", 100)]
)
def test_the_width_is_what_the_environment_says_within_reason(around, columns, width):
    assert around(COLUMNS=columns).screen.width == width


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Asia/Tokyo", "JST"), (":Asia/Tokyo", "JST"), ("Mars/Olympus", "UTC"), ("../x", "UTC")],
)
def test_an_unknown_zone_is_utc(around, zone, name):
    assert NOON.astimezone(around(TZ=zone).zone).tzname() == name


@pytest.mark.parametrize(("value", "debug"), [("1", True), ("0", False), ("", False), ("no", False)])
def test_debugging_is_asked_for_by_a_variable(around, value, debug):
    assert around(TRACEWHY_DEBUG=value).debug is debug


def test_an_empty_backend_variable_is_none(around):
    assert around(TRACEWHY_BACKEND="").backend_url is None


def default_name(around, **environment):
    """The store that is asked where none is named."""

    async def opened():
        found = around(**environment)
        async with found.stores(found.backend_url, lambda *_: None) as stores:
            backend = stores.default()
            return None if backend is None else backend.name

    return asyncio.run(opened())


@pytest.mark.parametrize("name", ["TRACEWHY_STORE__FOLDR", "TRACEWHY_BACKENDD", "tracewhy_backend"])
def test_where_a_variable_is_misspelt_no_other_store_is_asked_instead(around, tmp_path, name):
    (tmp_path / "tracewhy").mkdir()
    (tmp_path / "tracewhy" / "spans.duckdb").touch()

    with pytest.raises(UnusableAddress, match=f"Nobody reads the variable {name}. Did you mean TRACEWHY_"):
        default_name(around, XDG_DATA_HOME=str(tmp_path), **{name: "/elsewhere"})


def test_without_a_backend_our_own_store_is_asked_where_there_is_one(around, tmp_path):
    folder = tmp_path / "tracewhy"
    folder.mkdir()
    assert default_name(around, XDG_DATA_HOME=str(tmp_path)) is None

    (folder / "spans.duckdb").touch()

    assert default_name(around, XDG_DATA_HOME=str(tmp_path)) == f"embedded://{folder}"
    assert (
        default_name(around, XDG_DATA_HOME=str(tmp_path), TRACEWHY_BACKEND="jaeger://h:1") == "jaeger://h:1"
    )


def test_the_store_is_where_the_settings_say(around, tmp_path):
    keeping = around(XDG_DATA_HOME=str(tmp_path)).keeping
    usual = keeping.folder(keeping.settings(None, {}))
    named = keeping.folder(keeping.settings(None, {"store.folder": tmp_path / "other"}))

    assert (usual, keeping.is_usual(usual)) == (tmp_path / "tracewhy", True)
    assert (named, keeping.is_usual(named)) == (tmp_path / "other", False)


def test_the_state_is_beside_the_spans_whatever_the_folder_is_called(around, tmp_path):
    keeping = around().keeping
    settings = keeping.settings(None, {"store.folder": tmp_path / "a?b c%20#d"})

    async def place():
        async with await keeping.state(settings) as state:
            return state.place

    assert asyncio.run(place()) == f"sqlite:///{tmp_path}/a?b c%20#d/state.sqlite"
    assert (tmp_path / "a?b c%20#d" / "state.sqlite").exists()


def test_the_state_is_where_the_settings_say(around, tmp_path):
    keeping = around(TRACEWHY_STATE__URL=f"sqlite:///{tmp_path}/other.sqlite").keeping

    assert keeping.state_url(keeping.settings(None, {})) == f"sqlite:///{tmp_path}/other.sqlite"
