"""What tells one state of everything the reading is learnt from apart from another: words, rules and examples."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from intake.phrases import FOLDER

LEARNT_FROM: Final = ("words.*.toml", "rules*.toml", "sentences.toml", "neighbours.toml", "asked/*")
BEHALF_FROM: Final = (*LEARNT_FROM, "particulars.toml", "behalf.*")
"""What is learnt from for whom a message is written."""


def fingerprint(examples: Path | None = None, *, patterns: Sequence[str] = LEARNT_FROM) -> str:
    """Return the mark of the phrase files that the reading is learnt from, and of corrected examples."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in FOLDER.glob(pattern)}):
        digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    if examples is not None:
        digest.update(examples.read_bytes())
    return digest.hexdigest()[:16]
