"""Addresses are HTTPS or this machine, and a host is a host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.settings import values

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://api-prd.kpn.com", "https://api-prd.kpn.com"),
        ("https://api-prd.kpn.com/", "https://api-prd.kpn.com"),
        ("https://api-prd.kpn.com/communication/nexmo/sms", "https://api-prd.kpn.com"),
        ("https://api-prd.kpn.com/communication/nexmo/sms/", "https://api-prd.kpn.com"),
        ("https://api-prd.kpn.com:8443", "https://api-prd.kpn.com:8443"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9"),
        ("http://localhost:9", "http://localhost:9"),
        ("http://[::1]:9", "http://[::1]:9"),
    ],
)
def test_the_gateway_is_a_host_and_the_documented_path_is_taken_off(text: str, expected: str) -> None:
    assert values.api_url(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://api-prd.kpn.com/v2", "without a path"),
        ("https://api-prd.kpn.com/communication/nexmo/sms/send", "without a path"),
        ("http://api-prd.kpn.com", "https://"),
        ("http://127.0.0.1.evil.example", "https://"),
        ("http://localhost.evil.example", "https://"),
        ("ftp://api-prd.kpn.com", "https://"),
        ("api-prd.kpn.com", "address"),
        ("https://", "address"),
        ("https://user:pass@api-prd.kpn.com", "address"),
        ("https://api-prd.kpn.com?x=1", "address"),
        ("https://api-prd.kpn.com#x", "address"),
        ("https://api-prd.kpn.com:99999", "address"),
        ("https://api prd.kpn.com", "address"),
    ],
)
def test_any_other_gateway_address_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        values.api_url(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://hook.example", "https://hook.example"),
        ("https://hook.example/sms/", "https://hook.example/sms"),
        ("name.ngrok-free.dev", "https://name.ngrok-free.dev"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_a_public_address_may_have_a_path(text: str, expected: str) -> None:
    assert values.public_url(text) == expected


@pytest.mark.parametrize("text", ["http://hook.example", "https://hook.example?x", "https://a b", ""])
def test_a_public_address_is_https(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        values.public_url(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("127.0.0.1:0", ("127.0.0.1", 0)), ("localhost:8080", ("localhost", 8080)), ("[::1]:65535", ("::1", 65535))],
)
def test_an_address_to_listen_at_is_host_and_port(text: str, expected: tuple[str, int]) -> None:
    assert values.listen(text) == expected


READERS = [values.listen, values.api_url, values.public_url, values.keys, values.profile, values.proxy]


@given(st.text(max_size=20) | st.text(":/.@[]%1ahtps", max_size=20))
@pytest.mark.parametrize("read", READERS)
def test_a_reader_reads_or_refuses_with_a_reason(read: Callable[[str], object], text: str) -> None:
    try:
        read(text)
    except ValueError as error:
        assert str(error).startswith("must ")  # noqa: PT017 - refusing is one of two good ends
