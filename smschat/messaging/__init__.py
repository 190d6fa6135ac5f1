"""What smschat is about, free of screens and of sockets: the messenger, the outbox, the account and their health."""
