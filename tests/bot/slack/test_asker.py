"""Who asks: taken from what Slack says of the person, not of the place."""

import pytest

from bot.slack.asker import Asker, asker_of_command, asker_of_event, asker_of_interaction


@pytest.mark.parametrize(
    ("event", "team"),
    [
        ({}, "TOURS"),
        ({"team": "TOURS"}, "TOURS"),
        ({"team": "TTHEIRS"}, "TTHEIRS"),
        ({"team": "TOURS", "user_team": "TTHEIRS"}, "TTHEIRS"),
        ({"team": 7, "user_team": None}, "TOURS"),
    ],
)
def test_a_guest_in_a_shared_channel_is_of_their_own_workspace(event, team):
    body = {"team_id": "TOURS", "event": {"user": "U1", "channel": "C1", **event}}

    assert asker_of_event(body) == Asker("U1", team, "C1")


@pytest.mark.parametrize(
    ("user", "team"), [({"id": "U1"}, "TOURS"), ({"id": "U1", "team_id": "TTHEIRS"}, "TTHEIRS")]
)
def test_a_click_is_of_the_workspace_of_the_person(user, team):
    body = {"user": user, "team": {"id": "TOURS"}, "container": {"channel_id": "C1"}}

    assert asker_of_interaction(body) == Asker("U1", team, "C1")


def test_what_slack_does_not_say_is_empty():
    assert asker_of_command({}) == asker_of_event({}) == asker_of_interaction({"user": None}) == Asker("")
