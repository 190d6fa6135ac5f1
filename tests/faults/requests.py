"""Raw HTTP requests as nobody should send them: odd framing, methods and addresses, and mines in every form of body."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote_from_bytes, urlencode

from hypothesis import strategies as st

from smschat.domain.signing import SIGNATURE, Method, signature
from tests.webhook.rig import TOKEN

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

REF: Final = "abc-EFG_123"
SECRET: Final = "a secret"
METHOD: Final = Method.SHA256
NONCE: Final = "0123456789-abcdef_ABCD"

OURS: Final = (
    f"/{TOKEN}",
    f"/{TOKEN}/",
    f"/{TOKEN}/r/{REF}",
    f"/{TOKEN}/r/{REF}/",
    f"/{TOKEN}/r/none",
    f"http://x/{TOKEN}",
)
PROOF: Final = f"/{TOKEN}/p/{NONCE}"
OTHERS: Final = (
    "/", "", "*", "//", f"//{TOKEN}", f"/{TOKEN[:-1]}", f"/{TOKEN}x", f"/{TOKEN.lower()}", f"/{TOKEN}/p/short",
    f"/{TOKEN}/r/{REF}/more", f"/{TOKEN}/../{TOKEN}", f"/%{ord(TOKEN[0]):02x}{TOKEN[1:]}",
    f"/{TOKEN};a=b", f"/{TOKEN}/%00", f"/{TOKEN}/\xff", "/" + "a" * 9000, "/" + "a/" * 9000, f"/{TOKEN} /",
)  # fmt: skip
METHODS: Final = ("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "post", "GETT", "", "A B", "P\0ST")

NAMES: Final = (
    "msisdn", "to", "messageId", "text", "type", "keyword", "message-timestamp", "timestamp", "nonce", "sig", "concat",
    "concat-ref", "concat-total", "concat-part", "data", "udh", "status", "err-code", "network-code", "price", "scts",
    "client-ref", "api-key", "", "\0", "a&b=c",
)  # fmt: skip
VALUES: Final = (
    "", " ", "31611111111", "31970000000", "0611111111", "KPN Store", "text", "unicode", "binary", "0A01", "0A02",
    "hello", "delivered", "0", "1", "2", "3", "255", "256", "-1", "1e999", "true", "false", "null", "0.0725",
    "050003CC0301", "050003CC0302", "060804012C0201", "ff", "zz", "2026-01-31 12:00:00", "9999-99-99 99:99:99",
    "1769860800", "9999999999999", "\0", "\ud800", "\udfff\ud800", "\ufeff", "\u202e", "🙂" * 70, "é" * 20_000,
    "9" * 5000, "BEGIN:VCARD\r\nFN:x\r\nEND:VCARD", "\x1b]0;x\x07", "\ufdd0", "\U0010ffff", "+", "%", "%zz", "&", "=",
)  # fmt: skip
MINES: Final = (
    b"", b"{", b"}", b"{}", b"[]", b"null", b"NaN", b"-", b"\xff\xfe", b"\x00", b"=", b"&", b"&&=&", b"%", b"%%%=%zz",
    b"[" * 60_000, b'{"a":' * 10_000, b'{"text":' + b"9" * 5000 + b"}", b'{"text":NaN,"msisdn":Infinity}',
    b'{"text":"\\ud800","msisdn":"31611111111"}', b'{"text":"\\u0000","msisdn":"31611111111"}', b'{"text":"a\x00b"}',
    b'{"text":1e400,"msisdn":-0}', b'{"status":[],"text":{}}', b'{"text":"x"}{"text":"y"}', b"\xef\xbb\xbf{}",
    b'{"msisdn":31611111111,"to":31970000000,"messageId":12,"text":5,"type":"text"}', b"a=" + b"x" * 65_000,
    b"&".join(b"f%d=%d" % (number, number) for number in range(5000)), b"text=%ed%a0%80&msisdn=31611111111",
    b"x" * (64 * 1024), b"x" * (64 * 1024 + 1), b"x" * 200_000,
)  # fmt: skip
HEADERS: Final = (
    b"Content-Type: application/json", b"Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
    b"Content-Type: application/x-www-form-urlencoded; charset=windows-1252", b"Content-Type: \xff\xfe",
    b"content-type:", b"Content-Type: multipart/form-data; boundary=x", b"User-Agent: Nexmo/MessagingHUB/v1.0",
    b"User-Agent: " + b"a" * 5000, b"Expect: 100-continue", b"Connection: close", b"Connection: keep-alive",
    b"Upgrade: websocket\r\nConnection: Upgrade", b"X-Forwarded-For: 127.0.0.1", b"Host: evil.example",
    b"Content-Encoding: gzip", b"Range: bytes=0-1",
)  # fmt: skip
ODD_HEADERS: Final = (
    b"Content-Length: 5", b"Content-Length: -1", b"Content-Length: 99999999999999999999999", b"Content-Length: x",
    b"Content-Length: 0", b"Content-Length: 60000", b"Content-Length : 3", b"Content-Length: 3\r\nContent-Length: 4",
    b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: x", b" folded: x",
    b"no colon", b": no name", b"N\xe9: x", b"A: \x00", b"A: b\nB: c",
    b"\r\n".join([b"X: y"] * 2000), b"X: " + b"y" * 20_000,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request, and whether its framing says what it is.

    Attributes:
        is_plain: its method, address and length are what they seem, so that what must be kept of it is known.
    """

    method: str
    path: str
    query: bytes | None
    body: bytes
    headers: tuple[bytes, ...]
    is_chunked: bool = False
    is_plain: bool = True

    @property
    def is_callback(self) -> bool:
        """Whether it is kept when it is answered 200."""
        is_test = self.method == "GET" and not self.query and not self.body
        return self.method in {"GET", "POST"} and self.path in OURS and not is_test

    def octets(self) -> bytes:
        """What is sent."""
        target = self.path.encode("latin-1") + (b"" if self.query is None else b"?" + self.query)
        return b"\r\n".join(
            [
                b"%s %s HTTP/1.1" % (self.method.encode("latin-1"), target),
                b"Host: 127.0.0.1",
                *self.headers,
                *self._framing(),
                b"",
                self._framed(),
            ]
        )

    def _framing(self) -> list[bytes]:
        if not self.is_plain:
            return []
        if self.is_chunked:
            return [b"Transfer-Encoding: chunked"]
        return [b"Content-Length: %d" % len(self.body)] if self.body else []

    def _framed(self) -> bytes:
        if not (self.is_plain and self.is_chunked):
            return self.body
        half = len(self.body) // 2
        pieces = [piece for piece in (self.body[:half], self.body[half:]) if piece]
        return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _fields() -> SearchStrategy[dict[str, str]]:
    values = st.sampled_from(VALUES) | st.text(max_size=20)
    fields = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), values, max_size=8)
    return fields | fields.map(_signed)


def _signed(fields: dict[str, str]) -> dict[str, str]:
    return fields | {SIGNATURE: signature(fields, SECRET, METHOD)}


def _form(fields: dict[str, str]) -> bytes:
    return urlencode(fields, errors="surrogatepass").encode()


def _json(fields: dict[str, str]) -> bytes:
    return json.dumps(
        {
            name: int(value) if value.isdecimal() and value.isascii() and len(value) < 20 else value
            for name, value in fields.items()
        }
    ).encode()


def _bodies() -> SearchStrategy[bytes]:
    fields = _fields()
    return st.one_of(
        fields.map(_form), fields.map(_json), fields.map(_json), st.sampled_from(MINES), st.binary(max_size=60)
    )


def _queries() -> SearchStrategy[bytes | None]:
    octets = st.binary(max_size=20)
    return st.one_of(
        st.none(),
        _fields().map(_form).filter(lambda query: len(query) < 8000),
        octets.map(lambda query: quote_from_bytes(query).encode()),
        octets.map(lambda query: query.translate(None, b"\0\r\n #")),
    )


@st.composite
def requests(draw: DrawFn) -> Request:
    """One request in three is odd; the others are callbacks, whatever they say."""
    method = draw(st.sampled_from(("POST", "POST", "GET")))
    request = Request(
        method=method,
        path=draw(st.sampled_from(OURS)),
        query=draw(_queries()),
        body=draw(_bodies()) if method == "POST" else b"",
        headers=tuple(draw(st.lists(st.sampled_from(HEADERS), max_size=3))),
        is_chunked=draw(st.booleans()),
    )
    match draw(st.integers(0, 8)):
        case 0:
            return replace(request, path=draw(st.sampled_from((*OTHERS, PROOF))))
        case 1:
            return replace(request, method=draw(st.sampled_from(METHODS)))
        case 2:
            odd = draw(st.lists(st.sampled_from(ODD_HEADERS), min_size=1, max_size=3))
            return replace(request, headers=(*request.headers, *odd), is_plain=False)
        case _:
            return request


def garbage() -> SearchStrategy[bytes]:
    """What is no request at all, or only its beginning."""
    cut = st.tuples(requests(), st.integers(0, 200)).map(lambda drawn: drawn[0].octets()[: drawn[1]])
    return st.binary(max_size=200) | cut
