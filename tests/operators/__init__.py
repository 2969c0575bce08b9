"""Tests of the companies and their reader."""
