"""Read one line of a batch of messages: a JSON object in, a JSON object out."""

from collections.abc import Mapping
from typing import Any, Literal

from intake.reading import read


def read_line(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reading of `item` (id, operator?, channel?, subject?, body) as the command line writes it.

    Raises `ValueError` where `body` is not a text, or `channel` is neither chat nor email.
    """
    body = item.get("body")
    if not isinstance(body, str):
        raise ValueError("body: a text is needed")
    channel: Literal["chat", "email"] = "chat"
    if item.get("channel") == "email":
        channel = "email"
    elif item.get("channel") not in (None, "chat"):
        raise ValueError("channel: chat or email")
    subject = item.get("subject")
    if subject is not None and not isinstance(subject, str):
        raise ValueError("subject: a text or nothing")
    found = read(body, subject=subject, channel=channel, operator=item.get("operator"))
    change = found.rectification
    return {
        "id": item.get("id"),
        "types": list(found.types),
        "on_behalf": found.on_behalf,
        "lang": found.lang,
        "automatic": found.automatic,
        "identifiers": dict(found.identifiers),
        "rectification": change
        and {"field": change.field, "old_value": change.old_value, "new_value": change.new_value},
        "confidence": found.confidence,
        "scope": found.scope,
        "destination": found.destination,
        "authority": found.authority,
        "alternatives": list(found.alternatives),
    }
