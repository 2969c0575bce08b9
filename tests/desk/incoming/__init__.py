"""Mail from the wire to what keeps it, with real servers."""
