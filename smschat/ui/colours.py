"""The colours of our two themes, for the themes and for the first frame, which is drawn before Textual is loaded."""

from __future__ import annotations

from typing import Final, NamedTuple


class Colours(NamedTuple):
    """One theme's colours, each as `#rrggbb`."""

    background: str
    foreground: str
    primary: str
    accent: str
    success: str
    warning: str
    error: str
    border: str


DARK: Final = Colours(
    background="#12161b",
    foreground="#d7dbe0",
    primary="#4fb286",
    accent="#e3b55f",
    success="#4fb286",
    warning="#e3b55f",
    error="#e5696c",
    border="#33404d",
)
LIGHT: Final = Colours(
    background="#fbfbf9",
    foreground="#20262c",
    primary="#14764f",
    accent="#8a5a00",
    success="#14764f",
    warning="#8a5a00",
    error="#b3262a",
    border="#c3c8c6",
)
BY_THEME: Final = {None: DARK, "smschat-dark": DARK, "smschat-light": LIGHT}
"""By the setting `theme`; the first frame is left out for themes that are not ours."""
