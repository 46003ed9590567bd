from pathlib import Path

import pytest

from config.folder import default_folder


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"TRACEWHY_STORE__FOLDER": "/traces", "XDG_DATA_HOME": "/data"}, "/traces"),
        ({"XDG_DATA_HOME": "/data", "HOME": "/home/me"}, "/data/tracewhy"),
        ({"XDG_DATA_HOME": "data", "HOME": "/home/me"}, "/home/me/.local/share/tracewhy"),
        ({"HOME": "/home/me"}, "/home/me/.local/share/tracewhy"),
    ],
)
def test_the_store_is_where_this_users_data_belongs(environment, folder):
    assert default_folder(environment) == Path(folder)
