import httpx
import pytest

from backends.errors import BackendError
from backends.http import translated


def every_subclass(kind):
    return [kind, *(deeper for each in kind.__subclasses__() for deeper in every_subclass(each))]


@pytest.mark.parametrize("kind", every_subclass(httpx.RequestError))
def test_every_failure_of_a_request_becomes_one_with_advice(kind):
    with pytest.raises(BackendError) as caught, translated("jaeger://host", timeout_s=5):
        raise kind("inner words")

    assert "jaeger://host" in caught.value.problem
    assert caught.value.advice
    assert "inner words" not in str(caught.value)


def test_an_address_that_httpx_cannot_use_becomes_one_with_advice():
    with pytest.raises(BackendError, match="Check its address"), translated("jaeger://host", timeout_s=5):
        raise httpx.InvalidURL("inner words")


def test_a_certificate_that_is_not_trusted_names_the_setting():
    with (
        pytest.raises(BackendError, match=r"ca_file") as caught,
        translated("jaeger+https://host", timeout_s=5),
    ):
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")

    assert not caught.value.retriable


def test_failures_of_our_own_pass_unchanged():
    with pytest.raises(ZeroDivisionError), translated("jaeger://host", timeout_s=5):
        _ = 1 / 0
