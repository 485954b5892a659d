"""Servers with certificates of their own, and no proxy between."""

import pytest

from tests.faults import certificates


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session")
def _made(tmp_path_factory):
    return certificates.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(_made, monkeypatch):
    """Certificates of servers by name; the program trusts some of them and none else, which saves it loading a hundred."""
    contexts, bundle = _made
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    return contexts
