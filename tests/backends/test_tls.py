"""HTTPS with a certificate that only its own authority vouches for: here, itself."""

import shutil
import ssl
import subprocess

import pytest

from backends.errors import UnusableAddress
from tests.backends.asking import always, ask_services, failure_before
from tests.local_server import response

SERVICES = always(response(200, b'{"services":["checkout"]}'))
HTTPS = "jaeger+https://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, file = folder / "key.pem", folder / "cert.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=127.0.0.1",
    ]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(file)]
    subprocess.run([*command, *names], check=True, capture_output=True)
    return file


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context


def test_an_authority_of_ones_own_is_named_by_an_option(tls, certificate):
    services, _ = ask_services(SERVICES, url=f"{HTTPS}?ca_file={certificate}", tls=tls)

    assert services == ("checkout",)


def test_an_authority_of_ones_own_is_named_by_the_environment(tls, certificate):
    environment = {"TRACEWHY_BACKEND_CA_FILE": str(certificate)}

    services, _ = ask_services(SERVICES, url=HTTPS, environment=environment, tls=tls)

    assert services == ("checkout",)


def test_a_certificate_that_nobody_vouches_for_is_refused_with_the_remedy(tls):
    failure = failure_before(SERVICES, url=HTTPS, tls=tls)

    assert isinstance(failure, UnusableAddress)
    assert "a certificate that this machine does not trust" in failure.problem
    assert "TRACEWHY_BACKEND_CA_FILE" in failure.advice
