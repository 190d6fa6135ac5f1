"""Links in a text, and what about them may deceive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.links import links_of


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://example.org/a?b=c#d.", ["https://example.org/a?b=c#d"]),
        ("(http://example.org/x)", ["http://example.org/x"]),
        ("https://en.example.org/wiki/A_(b)", ["https://en.example.org/wiki/A_(b)"]),
        ("go to www.example.org, now", ["https://www.example.org"]),
        ("HTTPS://EXAMPLE.ORG", ["HTTPS://EXAMPLE.ORG"]),
        ("two https://a.example http://b.example", ["https://a.example", "http://b.example"]),
        ("javascript:alert(1) ftp://x.example file:///etc/passwd mailto:a@b.example", []),
        ("https:// www. https://[bad", []),
        ("no link at all, version 1.2.3", []),
    ],
)
def test_only_http_and_https_are_links_and_punctuation_is_none_of_theirs(text: str, urls: list[str]) -> None:
    links = links_of(text)
    assert [link.url for link in links] == urls
    assert all(text[link.start : link.end] in link.url for link in links)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://ing.nl@evil.example/", "before the @"),
        ("https://192.0.2.7/x", "bare network address"),
        ("https://3232235777/", "bare network address"),
        ("https://аpple.example/", "mixes letters that look alike"),  # noqa: RUF001 - that is the point
        ("https://xn--pple-43d.example/", "mixes letters that look alike"),
        ("https://xn--80ak6aa92e.example/", "Cyrillic letters"),
        ("https://exämple.example/", "beyond a to z"),
        ("https://exam\u200bple.example/", "cannot be seen"),
        ("https://bit.ly/abc", "shortened"),
        ("http://example.org/", "not encrypted"),
    ],
)
def test_what_may_deceive_is_said(url: str, words: str) -> None:
    (link,) = links_of(url)
    assert any(words in warning for warning in link.warnings), link.warnings


def test_a_plain_link_is_not_warned_of() -> None:
    (link,) = links_of("https://www.example.org/track?id=7")
    assert (link.host, link.decoded, link.warnings) == ("www.example.org", "", ())


def test_punycode_is_shown_as_people_read_it() -> None:
    (link,) = links_of("https://xn--bcher-kva.example/")
    assert (link.host, link.decoded) == ("xn--bcher-kva.example", "bücher.example")


@given(st.text() | st.text(alphabet="htps:/w.@[]xn-é#%()\u200b", max_size=60).map("https://".__add__))
def test_no_text_is_too_strange_and_no_other_scheme_comes_out(text: str) -> None:
    for link in links_of(text):
        assert link.url.lower().startswith(("http://", "https://"))
        assert 0 <= link.start < link.end <= len(text)
