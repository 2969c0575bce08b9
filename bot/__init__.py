"""The conversation with a person, and the channels it runs over."""
