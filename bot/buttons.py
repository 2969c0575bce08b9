"""What a pressed button does."""

from dataclasses import replace

from bot import proving, requests, thumbs
from bot.hub import Reply
from bot.memory import Memory
from bot.replies import choice_label
from bot.sitting import Sitting
from intake import rectification
from intake.reading import read
from law.rights import Right


async def chosen(sitting: Sitting, memory: Memory, choice: str, text: str, *, on_behalf: bool) -> list[Reply]:
    """A pressed button; the text is what stood in the field meanwhile."""
    kind, _, value = choice.partition(":")
    if kind == "right" and value in set(Right):
        said = "\n".join(part for part in (choice_label(choice, sitting.lang), text) if part.strip())
        reading = read(
            text[: rectification.READ_AT_MOST] if value == Right.RECTIFICATION else "", channel="chat"
        )
        reading = replace(reading, on_behalf=on_behalf or reading.on_behalf)
        return await requests.register(sitting, memory, said, reading, (Right(value),))
    match kind:
        case "yes" | "send_code":
            return await requests.confirm_wish(sitting, memory, value)
        case "no":
            return await requests.take_back(sitting, memory, value)
        case "code_again" if memory.address:
            return await proving.send_code(sitting, memory, memory.address)
        case "other_address" | "code_again":
            if not await sitting.waiting_cases():
                return [sitting.reply("nothing_awaited")]
            return [await proving.ask(sitting, memory)]
        case "address":
            return await proving.chosen_address(sitting, memory, value)
        case "human" | "no_address":
            return [await requests.ask_human(sitting)]
        case "helped" | "not_helped":
            return [await thumbs.pressed(sitting, memory, kind, value)]
        case "status":
            return await requests.status(sitting)
        case _:
            return [sitting.reply("empty")]
