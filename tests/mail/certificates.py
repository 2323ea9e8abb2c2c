"""Certificates for mail servers of the tests."""

import shutil
import subprocess
from pathlib import Path


def self_signed(folder: Path) -> Path:
    """Give a file with the key and certificate of 127.0.0.1, signed by nobody else."""
    openssl = shutil.which("openssl")
    assert openssl is not None, "The tests of TLS make a certificate with openssl."
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    command = (
        f"{openssl} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
        f" -addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {certificate}"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    both.write_text(key.read_text() + certificate.read_text())
    return both
