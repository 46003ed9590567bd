import base64

import pytest

from backends.address import Address, parse_address
from backends.credentials import auth_headers
from backends.errors import UnusableAddress

HOST = Address("jaeger", "host", None)


def headers(address=HOST, **environment):
    return auth_headers(address, environment, tenant_header="x-tenant")


def test_without_settings_nobody_is_named():
    assert headers() == {}


def test_a_token_is_a_bearer_token():
    assert headers(TRACEWHY_BACKEND_TOKEN="t0ken") == {"authorization": "Bearer t0ken"}


def test_a_token_may_stand_in_a_file_with_a_line_break(tmp_path):
    file = tmp_path / "token"
    file.write_text("t0ken\n")

    assert headers(TRACEWHY_BACKEND_TOKEN_FILE=str(file)) == {"authorization": "Bearer t0ken"}


def test_user_and_password_are_basic_authentication():
    expected = "Basic " + base64.b64encode("me:pässword".encode()).decode()

    assert headers(TRACEWHY_BACKEND_USER="me", TRACEWHY_BACKEND_PASSWORD="pässword") == {
        "authorization": expected
    }
    assert headers(parse_address("jaeger://me:p%C3%A4ssword@host", ())) == {"authorization": expected}


def test_the_tenant_goes_into_the_header_that_the_store_reads():
    assert headers(TRACEWHY_BACKEND_TENANT="acme") == {"x-tenant": "acme"}


def test_two_ways_at_once_are_an_error_that_names_both():
    address = parse_address("jaeger://me:secret@host", ())

    with pytest.raises(UnusableAddress) as caught:
        headers(address, TRACEWHY_BACKEND_TOKEN="t0ken")

    assert "TRACEWHY_BACKEND_TOKEN and also user:password@ in the URL" in caught.value.problem
    assert "secret" not in str(caught.value)
    assert "t0ken" not in str(caught.value)


def test_a_password_without_a_user_is_an_error():
    with pytest.raises(UnusableAddress, match="Set TRACEWHY_BACKEND_USER too"):
        headers(TRACEWHY_BACKEND_PASSWORD="secret")


@pytest.mark.parametrize("token", ["two\r\nlines: here", "“quoted”"])
def test_a_token_that_cannot_be_sent_is_an_error_that_does_not_show_it(token):
    with pytest.raises(UnusableAddress) as caught:
        headers(TRACEWHY_BACKEND_TOKEN=token)

    assert "cannot stand in an HTTP header" in caught.value.problem
    assert token not in str(caught.value)


def test_a_token_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(UnusableAddress, match="cannot be read"):
        headers(TRACEWHY_BACKEND_TOKEN_FILE=str(tmp_path / "missing"))


@pytest.mark.parametrize("content", ["", "\n", "x" * 100_000])
def test_a_token_file_that_holds_no_token_is_an_error(tmp_path, content):
    file = tmp_path / "token"
    file.write_text(content)

    with pytest.raises(UnusableAddress, match="holds no token"):
        headers(TRACEWHY_BACKEND_TOKEN_FILE=str(file))
