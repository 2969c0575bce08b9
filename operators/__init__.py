"""The companies, as data, and the one reader of that data."""
