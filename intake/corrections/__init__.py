"""What a message wants corrected: candidates by their shape, which of them is old and which is new, and of what."""
