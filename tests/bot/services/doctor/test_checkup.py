"""Everything looked at, at once, and told in order."""

from __future__ import annotations

import asyncio
import socket

import pytest

from backends.interface import Capabilities
from bot.services.doctor import checkup
from bot.services.doctor.checkup import Circumstances, examine
from config.settings import AccessSettings, ReceiverSettings, Settings, SlackSettings
from tests.bot.drawn_stores import DrawnBackend

FREE = ReceiverSettings(grpc_port=0, http_port=0)


class HangingBackend(DrawnBackend):
    """Takes questions and answers none."""

    async def services(self):
        await asyncio.Event().wait()


@pytest.fixture
def examined(tmp_path):
    """What is found, by what it is about."""

    def found(backend=None, **settings):
        here = Circumstances(
            settings=Settings(**{"receivers": FREE, **settings}),
            folder=tmp_path,
            holds_spans=False,
            is_served=False,
            state_url=f"sqlite:///{tmp_path / 'state.sqlite'}",
            backends=(("prod", "drawn://here"),) if backend else (),
            open_backend=lambda _url: backend,
            clock_ns=lambda: 0,
        )
        return {finding.about: finding for finding in asyncio.run(examine(here))}

    return found


def test_what_should_be_mended_first_comes_first(examined):
    assert list(examined(DrawnBackend())) == [
        "slack tokens",
        "access",
        "backend prod",
        "state",
        "own store",
        "own store space",
        "ports",
    ]


def test_a_store_that_hangs_is_given_up_and_the_rest_is_told(examined, monkeypatch):
    monkeypatch.setattr(checkup, "LONGEST_S", 0.05)

    found = examined(HangingBackend(capabilities=Capabilities(list_services=True)))

    assert found["backend prod"].found.startswith("no answer within")
    assert found["state"].found.endswith("will be made")


def test_the_port_that_slack_calls_is_looked_at_in_http_mode_only(examined):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        slack = {"signing_secret": "s" * 32, "http_port": port}

        called = examined(slack=SlackSettings(mode="http", **slack))["ports"]
        calling = examined(slack=SlackSettings(mode="socket", **slack))["ports"]

    assert called.found == f"slack.http_port: port {port} of 127.0.0.1 is taken by another program"
    assert calling.level == "ok"


@pytest.mark.parametrize(
    ("access", "found"),
    [
        (AccessSettings(), "everybody in the workspace may ask everything"),
        (AccessSettings(users=("U1",), questions=("why",)), "limited by users, questions"),
    ],
)
def test_who_may_ask_is_told(examined, access, found):
    assert examined(access=access)["access"].found == found
