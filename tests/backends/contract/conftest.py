import os
from dataclasses import replace

import pytest

from tests.backends.contract.stores import given_addresses, loaded_embedded, loaded_files, loaded_server
from tests.servers.jaeger import running_jaeger

REAL = [pytest.param(name, marks=pytest.mark.server) for name in ("jaeger", "jaeger-v1", *given_addresses())]


@pytest.fixture(scope="session")
def loaded_jaeger(jaeger_program, tmp_path_factory):
    with running_jaeger(jaeger_program, tmp_path_factory.mktemp("contract-jaeger")) as running:
        yield loaded_server(running.url, running.otlp_url)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory):
    with loaded_embedded(tmp_path_factory.mktemp("contract-embedded")) as loaded:
        yield loaded


@pytest.fixture(scope="session", params=["files", "embedded", *REAL])
def store(request, tmp_path_factory):
    match request.param:
        case "files":
            return loaded_files(tmp_path_factory.mktemp("contract-files"))
        case "embedded":
            return request.getfixturevalue("embedded")
        case "jaeger":
            return request.getfixturevalue("loaded_jaeger")
        case "jaeger-v1":
            loaded = request.getfixturevalue("loaded_jaeger")
            return replace(loaded, url=f"{loaded.url}?api=v1", resolution_ns=1_000)
        case variable:
            return loaded_server(os.environ[variable], os.environ.get(variable.replace("_URL", "_OTLP")))
