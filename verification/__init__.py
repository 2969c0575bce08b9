"""Who is asking: the least proof a request needs, and how it is given."""
