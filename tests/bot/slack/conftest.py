"""One local Slack for all conversations; whatever was said in it is forgotten between them."""

import pytest


@pytest.fixture(scope="session")
def program(local_slack_program):
    return local_slack_program


@pytest.fixture
def here(program, tmp_path):
    """The circumstances of a conversation."""
    return {"program": program, "folder": tmp_path}
