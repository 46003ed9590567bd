import base64

import pytest

from backends.errors import UnusableAddress
from backends.jaeger.opening import open_jaeger
from tests.backends.asking import always, ask_services
from tests.local_server import response

SERVICES = always(response(200, b'{"services":["checkout"]}'))


def test_the_path_prefix_stands_before_every_question():
    _, requests = ask_services(SERVICES, url="jaeger://127.0.0.1:{port}/tracing/jaeger/")

    assert {request.path for request in requests} == {"/tracing/jaeger/api/v3/services"}


def test_credentials_and_tenant_go_with_every_question():
    environment = {"TRACEWHY_BACKEND_TOKEN": "t0ken", "TRACEWHY_BACKEND_TENANT": "acme"}

    _, requests = ask_services(SERVICES, environment=environment)

    assert {request.headers["authorization"] for request in requests} == {"Bearer t0ken"}
    assert {request.headers["x-tenant"] for request in requests} == {"acme"}


def test_user_and_password_of_the_url_are_sent_and_not_shown():
    services, requests = ask_services(SERVICES, url="jaeger://me:secret@127.0.0.1:{port}")

    assert services == ("checkout",)
    assert requests[0].headers["authorization"] == "Basic " + base64.b64encode(b"me:secret").decode()


def test_only_compressions_that_are_bounded_are_asked_for():
    _, requests = ask_services(SERVICES)

    assert requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("text", ["soon", "0", "-1", "nan", "inf", "100000"])
def test_a_timeout_that_is_none_is_an_error(text):
    with pytest.raises(UnusableAddress, match="timeout_s of jaeger://host is no number of seconds"):
        open_jaeger(f"jaeger://host?timeout_s={text}", {})


def test_an_api_that_is_none_is_an_error():
    with pytest.raises(UnusableAddress, match="neither v1 nor v3"):
        open_jaeger("jaeger://host?api=v2", {})


def test_an_authority_file_that_holds_none_is_an_error(tmp_path):
    file = tmp_path / "ca.pem"
    file.write_text("nothing")

    with pytest.raises(UnusableAddress, match="It should hold certificates in PEM"):
        open_jaeger(f"jaeger+https://host?ca_file={file}", {})
