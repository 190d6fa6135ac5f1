"""What the keys do that make the chat one's own: the settings, the profiles, the theme.

The rule: a setting is checked as when it is read, written at once, and it is said, before and after, when it takes
effect.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from textual import work

from smschat.errors import SettingsError
from smschat.settings.values import NotifyText
from smschat.ui.screens.shown import Shown
from smschat.ui.themes import DEFAULT

if TYPE_CHECKING:
    from textual.screen import ModalScreen

    from smschat.settings import Settings
    from smschat.settings.table import Setting

_NOW: Final = "It takes effect at once."
_NEXT: Final = "It takes effect when smschat starts again."
_AT_ONCE: Final = frozenset({"theme", "undo_send_s", "notify", "notify_text"})
"""What is read again each time that it matters; keys, account and listener are not."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Preferring(Shown):
    """Making it one's own."""

    @work(group="preferring")
    async def action_settings(self) -> None:
        """Show the settings, and change one after another."""
        from smschat.settings.editing import can_change  # noqa: PLC0415 - after the first frame
        from smschat.settings.showing import table  # noqa: PLC0415 - as above
        from smschat.ui.screens.choosing import Choosing, Option  # noqa: PLC0415 - as above

        settings = self.desk.options.preferences.settings
        if settings is None:
            self.notify("There are no settings here.", markup=False)
            return
        chosen: str | None = None
        changed: dict[str, str] = {}
        while True:
            rows = await asyncio.to_thread(table, settings)
            options = [
                Option(row.name, f"{row.name:<18}", f"{_shown(changed, row)}   {_origin(changed, row)}") for row in rows
            ]
            chosen = await self._answer(Choosing(self.desk, f"Settings in {settings.file}", options, chosen=chosen))
            if chosen is None:
                return
            if chosen == "client_secret" or not can_change(settings, chosen):
                self.notify(_why_not(settings, chosen), markup=False)
                continue
            now = changed.get(chosen, _text(next(row.value for row in rows if row.name == chosen)))
            text = await self._edit(settings, chosen, now)
            if text is not None:
                changed[chosen] = text

    async def _edit(self, settings: Settings, name: str, now: str) -> str | None:
        from smschat.settings.editing import change  # noqa: PLC0415 - after the first frame
        from smschat.settings.table import setting_of  # noqa: PLC0415 - as above
        from smschat.ui.screens.choosing import Asking  # noqa: PLC0415 - as above

        def check(text: str) -> str:
            try:
                change(settings, name, text)
            except SettingsError as error:
                return error.message
            return ""

        when = _NOW if name in _AT_ONCE else _NEXT
        meaning = f"{setting_of(name).meaning}. Empty: the default. {when}"
        text = await self._answer(Asking(name, meaning, now, check))
        if text is not None:
            self._take_effect(setting_of(name), text.strip())
        return text

    def _take_effect(self, setting: Setting, text: str) -> None:
        """What can be otherwise at once is."""
        if setting.name == "theme":
            self._wear(text or DEFAULT)
            return
        if setting.name not in _AT_ONCE:
            self.notify(_NEXT, markup=False)
            return
        value = setting.read(text or setting.default or "")
        changed = {"hides_text": value is NotifyText.HIDE} if setting.name == "notify_text" else {setting.name: value}
        self.desk.prefer(replace(self.desk.options.preferences, **changed))

    def _wear(self, theme: str) -> None:
        """Put a theme on, also one of the user's own."""
        from smschat.ui import user_themes  # noqa: PLC0415 - after the first frame

        if theme not in self.app.available_themes:
            user_themes.register(self.app, self.desk.options.preferences.theme_folder)
        if theme in self.app.available_themes:
            self.app.theme = theme
        else:
            self.notify(f"There is no theme {theme}; ctrl+p, “theme” lists them.", severity="warning", markup=False)

    @work(group="preferring")
    async def action_profiles(self) -> None:
        """Leave for another profile."""
        from smschat.ui import profiles  # noqa: PLC0415 - after the first frame
        from smschat.ui.screens.choosing import Asking, Choosing, Option  # noqa: PLC0415 - as above

        settings, here = self.desk.options.preferences.settings, self.desk.options.profile
        if settings is None:
            self.notify("There are no profiles here.", markup=False)
            return
        names = await asyncio.to_thread(profiles.known, settings)
        options = [Option(name, name, "here" if name == here else "") for name in names]
        chosen = await self._answer(Choosing(self.desk, "Profiles", options, chosen=here, other="new one"))
        if chosen == "":
            about = "Letters, digits, dots and dashes. It has its own store, number and account."
            chosen = await self._answer(Asking("A new profile", about, "", _wrong_name))
        if chosen and chosen != here:
            await self.app.run_action(f"app.switch({chosen!r})")

    @work(group="preferring")
    async def action_theme(self) -> None:
        """Choose the colours, and keep them."""
        from smschat.settings.editing import change  # noqa: PLC0415 - after the first frame
        from smschat.ui import user_themes  # noqa: PLC0415 - as above
        from smschat.ui.screens.choosing import Choosing, Option  # noqa: PLC0415 - as above

        preferences = self.desk.options.preferences
        for problem in user_themes.register(self.app, preferences.theme_folder):
            self.notify(problem, severity="warning", markup=False)
        names = sorted(self.app.available_themes, key=lambda name: (not name.startswith("smschat"), name))
        options = [
            Option(name, name, "now" if name == self.app.theme else "") for name in names if name != "textual-ansi"
        ]
        chosen = await self._answer(Choosing(self.desk, "Colours", options, chosen=self.app.theme))
        if chosen is None:
            return
        self.app.theme = chosen
        settings = preferences.settings
        if settings is not None and await self.desk.ask(f"keep {chosen} in {settings.file}", "Keep it"):
            try:
                await asyncio.to_thread(change, settings, "theme", chosen)
            except SettingsError as error:
                self.notify(error.message, severity="error", markup=False)

    async def _answer(self, screen: ModalScreen[str | None]) -> str | None:
        return await self.app.push_screen_wait(screen)


def _shown(changed: dict[str, str], row: Any) -> str:
    return changed.get(row.name, _text(row.value)) or "not set"


def _origin(changed: dict[str, str], row: Any) -> str:
    if row.name not in changed:
        return f"({row.origin})"
    return "changed just now" if row.name in _AT_ONCE else "from the next start on"


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _why_not(settings: Settings, name: str) -> str:
    if name in {"client_secret", "ngrok_authtoken", "signature_secret"}:
        return "A secret is changed by `smschat login`, or where it comes from, and never shown."
    if name == "keys":
        return f'Keys stand in the table [keys] of {settings.file}: action = "key".'
    if name == "profile":
        return "P in the list switches the profile."
    return f"It comes from {settings.origins.get(name, 'elsewhere')}, and is changed there."


def _wrong_name(text: str) -> str:
    return "" if _NAME.fullmatch(text) else "letters, digits, dots and dashes; a letter or digit first"
