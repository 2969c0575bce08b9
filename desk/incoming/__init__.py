"""Mail from the wire to what keeps it: watched mailboxes, doors for mail servers, and a file."""
