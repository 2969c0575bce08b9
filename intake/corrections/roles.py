"""Tell what people are called at work from other words: "daglig leder", "Head of Sales"."""

import re
import tomllib
from functools import cache

from intake.phrases import FOLDER


def is_role(value: str) -> bool:
    """Whether `value` begins or ends with what people are called at work."""
    plain = value.strip(" .")
    last = plain.rpartition(" ")[2]
    name = last[:1].isupper() and last.endswith(("ian", "ist"))  # "Christian" is mostly none
    return not name and _roles().search(plain) is not None


@cache
def _roles() -> re.Pattern[str]:
    told = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))["signature"]["roles"]
    return re.compile(rf"(?i:^(?:{told})(?!\w)|(?<!\w)(?:{told})$)")
