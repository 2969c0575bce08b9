"""Where the demo's systems are described: one folder a company, laid over its true profile."""

from pathlib import Path


def overlay_root() -> Path:
    """The folder to hand to `operators.profile.load_all` as its overlay."""
    return Path(__file__).parent / "operators"
