import pytest

from backends.errors import UnusableAddress
from backends.registry import STORES, open_backend, schemes
from tests.backends.asking import asked


def name_of(url, environment=None):
    async def question(backend):
        return backend.name

    return asked(lambda: open_backend(url, environment or {}), question)


@pytest.mark.parametrize("scheme", ["jaeger", "jaeger+http", "jaeger+https"])
def test_a_scheme_opens_its_store_without_asking_it_anything(scheme):
    assert name_of(f"{scheme}://host.invalid:99/prefix/") == f"{scheme}://host.invalid:99/prefix"


def test_a_scheme_may_be_written_large():
    assert name_of("JAEGER://host.invalid") == "jaeger://host.invalid"


def test_no_two_stores_share_a_scheme():
    assert len(schemes()) == len(set(schemes()))


def test_every_example_opens():
    names = [name_of(store.example) for store in STORES if "://" in store.example]

    assert "jaeger://127.0.0.1:16686" in names


@pytest.mark.parametrize(
    ("url", "meant"),
    [("jeager://host", "jaeger"), ("http://host:16686", "jaeger+http"), ("https://host", "jaeger+https")],
)
def test_an_unknown_scheme_is_an_error_with_the_one_that_was_meant(url, meant):
    with pytest.raises(UnusableAddress) as caught:
        open_backend(url, {})

    assert f"Did you mean {meant}?" in caught.value.advice
    assert "jaeger://127.0.0.1:16686" in caught.value.advice


def test_an_unknown_scheme_is_an_error_without_the_password():
    with pytest.raises(UnusableAddress) as caught:
        open_backend("mystery://me:secret@host?token=secret", {})

    assert "mystery://host" in caught.value.problem
    assert "secret" not in str(caught.value)
