import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.address import parse_address, redacted
from backends.errors import UnusableAddress

OPTIONS = ("ca_file", "timeout_s")


def test_every_part_is_found():
    address = parse_address("jaeger://me:p%2Fw@host:1234/prefix/?timeout_s=5", OPTIONS)

    assert (address.scheme, address.host, address.port, address.path) == ("jaeger", "host", 1234, "/prefix")
    assert (address.user, address.password) == ("me", "p/w")
    assert address.option("timeout_s") == "5"
    assert address.option("ca_file") is None


def test_it_is_called_by_what_is_not_secret():
    address = parse_address("jaeger://me:secret@[::1]:1234/prefix/?timeout_s=5", OPTIONS)

    assert str(address) == "jaeger://[::1]:1234/prefix"
    assert "secret" not in repr(address)


def test_a_wrong_option_is_an_error_with_the_right_one():
    with pytest.raises(UnusableAddress) as caught:
        parse_address("jaeger://host?timeout=5", OPTIONS)

    assert "'timeout'" in caught.value.problem
    assert "Did you mean timeout_s?" in caught.value.advice


def test_an_address_without_a_host_is_an_error():
    with pytest.raises(UnusableAddress, match="names no host"):
        parse_address("jaeger://", OPTIONS)


@pytest.mark.parametrize(
    "url",
    ["jaeger://me:p/secret@host", "jaeger://me:secret@host:port", "jaeger://me:secret@[::1", "jaeger://h?x"],
)
def test_an_address_that_cannot_be_read_is_an_error_without_its_password(url):
    with pytest.raises(UnusableAddress) as caught:
        parse_address(url, OPTIONS)

    assert "secret" not in str(caught.value)


@given(st.text(min_size=1), st.text(alphabet="secrt", min_size=6, max_size=6), st.text())
def test_no_broken_address_shows_what_stands_before_an_at_sign(before, secret, after):
    shown = redacted(f"jaeger://{before}:ZZ{secret}@host{after}")

    assert f"ZZ{secret}" not in shown
    assert shown.isprintable()
