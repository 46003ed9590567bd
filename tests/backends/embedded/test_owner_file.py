"""The file that names a store's owner is there whole, or not at all."""

import resource
import stat

import pytest

from backends.embedded.api.owner_file import NAME, OwnerFile, written
from backends.embedded.refusal import StoreFull
from backends.embedded.unusable import StoreUnusable

OWNER = OwnerFile(2, 4_317, "t" * 43, 1)


def test_a_disk_that_is_full_is_told_and_nothing_is_left_of_the_file(tmp_path):
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, unlimited[1]))
    try:
        with pytest.raises(StoreFull), written(tmp_path, OWNER):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_an_error_in_words(tmp_path):
    with pytest.raises(StoreUnusable, match="No such file"), written(tmp_path / "gone", OWNER):
        pass


def test_it_is_there_for_its_user_only_as_long_as_the_owner_listens(tmp_path):
    with written(tmp_path, OWNER):
        mode = stat.S_IMODE((tmp_path / NAME).stat().st_mode)

    assert mode == 0o600
    assert list(tmp_path.iterdir()) == []
