"""The widgets of the chat: the two line views, the composer, and the lines around them."""
