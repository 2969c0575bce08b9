"""Tests of the composition root, the console and the demo."""
