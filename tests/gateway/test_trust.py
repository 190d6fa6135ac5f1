"""TLS to the gateway: checked against the CAs of SSL_CERT_FILE, where one is named."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import trustme

from smschat.errors import SettingsError, UnreachableError
from tests.gateway.client_parts import gateway_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

GRANT = b'{"access_token": "token-1", "expires_in": "3599"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"


@asynccontextmanager
async def tls_gateway(ca: trustme.CA) -> AsyncIterator[str]:
    """A token endpoint over TLS, with a certificate of that CA; its origin."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)

    async def grant(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER % (len(GRANT), GRANT))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(grant, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_ca_of_ones_own_is_trusted_when_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    async with tls_gateway(ca) as url, gateway_at(url) as gateway:
        await gateway.ensure_token()


async def test_a_ca_that_nobody_named_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    async with tls_gateway(trustme.CA()) as url, gateway_at(url) as gateway:
        with pytest.raises(UnreachableError, match="not to be trusted") as caught:
            await gateway.ensure_token()
    assert "SSL_CERT_FILE" in caught.value.hint


@pytest.mark.parametrize("text", [None, "not a certificate"])
async def test_a_file_without_certificates_is_an_error_that_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(SettingsError, match="SSL_CERT_FILE"):
        async with gateway_at("https://127.0.0.1:1"):
            pass
