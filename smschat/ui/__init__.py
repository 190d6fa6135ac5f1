"""The screen: the only floor that knows Textual; it asks the messenger and hears of changes through the bridge."""
