"""Invented systems and people for the companies; only the demo command imports this."""
