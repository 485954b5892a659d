"""Certificates made for one run: one that is trusted, one of another host that is trusted, and one that nobody knows."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest


def make(folder: Path) -> tuple[dict[str, ssl.SSLContext], Path]:
    """Contexts for a server by name, and the file of what is trusted."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl, to make certificates")
    contexts, trusted = {}, b""
    for name, host in (("good", "IP:127.0.0.1"), ("other", "DNS:example.org"), ("stranger", "IP:127.0.0.1")):
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", f"/CN={name}", "-addext", f"subjectAltName={host}", "-keyout", str(key), "-out", str(certificate)],
            check=True,
            capture_output=True,
        )  # fmt: skip
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(certificate, key)
        trusted += certificate.read_bytes() if name != "stranger" else b""
    bundle = folder / "trusted.pem"
    bundle.write_bytes(trusted)
    return contexts, bundle
