"""What a request is: reading a message, opening a case, and the only writer of a case's state."""
