"""The mail side of intake: bytes to a mail, how far its sender can be trusted, and where it belongs."""
