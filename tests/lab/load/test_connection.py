"""TLS: its handshake is a phase of its own, and a certificate that nobody vouches for is an error."""

import asyncio
import datetime
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lab.load.address import Address, request_bytes
from lab.load.opening import open_connection
from lab.load.precise_loop import run
from lab.load.request import send_one
from lab.scenario import Endpoint
from lab.targets import Target


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Key and certificate of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "here")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "pair.pem"
    pair = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(pair + made.public_bytes(serialization.Encoding.PEM))
    return file


async def _serve(certificate: Path) -> asyncio.Server:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)


def test_the_handshake_is_a_phase(certificate: Path) -> None:
    async def opened() -> tuple[float | None, int]:
        server = await _serve(certificate)
        async with server:
            address = Address.of(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/base")
            context = ssl.create_default_context(cafile=str(certificate))
            connection, opening = await open_connection(address, context, patience=5)
            answer = await connection.exchange(request_bytes(address, "GET", "/", {}, b""), patience=5)
            connection.close()
            return opening.tls, answer.status

    tls, status = run(opened())
    assert status == 200
    assert tls is not None
    assert tls > 0


def test_a_certificate_that_nobody_vouches_for_is_an_error(certificate: Path) -> None:
    async def error() -> str:
        server = await _serve(certificate)
        async with server:
            target = Target(name="a", url=f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", origin="emulator")
            sample = await send_one(target, Endpoint(name="e", method="GET", path="/"), run="r", patience=5)
            return sample.error

    assert run(error()) == "tls"


@pytest.mark.parametrize(
    ("url", "authority", "prefix"),
    [
        ("https://api.example.com", "api.example.com", ""),
        ("https://api.example.com:8443/v1/", "api.example.com:8443", "/v1"),
        ("http://[::1]:8080", "[::1]:8080", ""),
        ("http://127.0.0.1:80/_workers/x", "127.0.0.1", "/_workers/x"),
    ],
)
def test_a_base_url_says_host_and_prefix(url: str, authority: str, prefix: str) -> None:
    address = Address.of(url)
    assert (address.authority, address.prefix) == (authority, prefix)
