"""The law as data with its articles, and the pure rules over it."""
