"""One local Slack for all conversations; whatever was said in it is forgotten between them."""

import pytest

from demo.local_slack.program import Program


@pytest.fixture(scope="session")
def program():
    with Program() as running:
        yield running


@pytest.fixture
def here(program, tmp_path):
    """The circumstances of a conversation."""
    return {"program": program, "folder": tmp_path}
