"""The screens of the chat, and the dialogs over it."""
