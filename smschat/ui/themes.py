"""The two themes of the chat; the stylesheets know variables only, so that every other theme works as well."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

from smschat.ui import colours

DARK: Final = Theme(
    name="smschat-dark",
    dark=True,
    primary=colours.DARK.primary,
    secondary="#6aa9e9",
    accent=colours.DARK.accent,
    foreground=colours.DARK.foreground,
    background=colours.DARK.background,
    surface="#171c22",
    panel="#212831",
    success=colours.DARK.success,
    warning=colours.DARK.warning,
    error=colours.DARK.error,
    variables={
        "border": colours.DARK.border,
        "border-blurred": colours.DARK.border,
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
    primary=colours.LIGHT.primary,
    secondary="#1f5fa8",
    accent=colours.LIGHT.accent,
    foreground=colours.LIGHT.foreground,
    background=colours.LIGHT.background,
    surface="#f3f3ef",
    panel="#e7e8e3",
    success=colours.LIGHT.success,
    warning=colours.LIGHT.warning,
    error=colours.LIGHT.error,
    variables={
        "border": colours.LIGHT.border,
        "border-blurred": colours.LIGHT.border,
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
