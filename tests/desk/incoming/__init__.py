"""Mail that comes in, with real servers."""
