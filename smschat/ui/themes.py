"""The two themes of the chat; the stylesheets know variables only, so that every other theme works as well."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="smschat-dark",
    dark=True,
    primary="#4fb286",
    secondary="#6aa9e9",
    accent="#e3b55f",
    foreground="#d7dbe0",
    background="#12161b",
    surface="#171c22",
    panel="#212831",
    success="#4fb286",
    warning="#e3b55f",
    error="#e5696c",
    variables={
        "border": "#33404d",
        "border-blurred": "#33404d",
        "input-cursor-background": "#d7dbe0",
        "input-cursor-foreground": "#12161b",
        "input-selection-background": "#4fb286 35%",
        "block-cursor-background": "#2b3a44",
        "block-cursor-foreground": "#eef1f4",
        "block-cursor-text-style": "bold",
    },
)

LIGHT: Final = Theme(
    name="smschat-light",
    dark=False,
    primary="#14764f",
    secondary="#1f5fa8",
    accent="#8a5a00",
    foreground="#20262c",
    background="#fbfbf9",
    surface="#f3f3ef",
    panel="#e7e8e3",
    success="#14764f",
    warning="#8a5a00",
    error="#b3262a",
    variables={
        "border": "#c3c8c6",
        "border-blurred": "#c3c8c6",
        "input-cursor-background": "#20262c",
        "input-cursor-foreground": "#fbfbf9",
        "input-selection-background": "#14764f 25%",
        "block-cursor-background": "#d5e6dd",
        "block-cursor-foreground": "#14191d",
        "block-cursor-text-style": "bold",
    },
)

THEMES: Final = (DARK, LIGHT)
DEFAULT: Final = DARK.name
