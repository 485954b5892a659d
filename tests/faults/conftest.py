"""The long tests, and those that ask real services, are run only when their marker is asked for: `-m slow`, `-m live`."""

from pathlib import Path

import pytest

from tests.faults import certificates

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config, items):
    asked = config.getoption("markexpr")
    for item in items:
        if HERE in item.path.parents:
            for marker in ("slow", "live"):
                if item.get_closest_marker(marker) and marker not in asked:
                    item.add_marker(
                        pytest.mark.skip(reason=f"takes long or asks real services; run it with -m {marker}")
                    )


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
