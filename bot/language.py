"""Which language a conversation runs in, and what is said to one whose language we do not write."""

from dataclasses import replace
from typing import Final

from bot.hub import Channel, Hub, Incoming
from bot.memory import Memory, recall, remember
from bot.replies import say
from intake.reading import Reading
from intake.records import Conversation
from law.language import LANGS, as_lang
from operators.languages import evidence

WORDS_OF_A_LANGUAGE: Final = 4  # fewer tell no language from its neighbours
PLAINLY: Final = 2.0  # how much more a message must speak for another language before we change to it


def follow(
    hub: Hub, talk: Conversation, channel: Channel, peer: str, message: Incoming, reading: Reading
) -> Memory:
    """Bring the conversation's language and memory up to date before the message is answered.

    The language is the one the person writes, where the message is plain about it; else the one the channel
    shows, where the person has just changed that. Swedish and Danish are answered in bokmål.
    """
    memory = recall(hub.vault, talk)
    if message.lang is not None and message.lang != memory.lang:
        talk.lang = message.lang
    written = as_lang(reading.lang)
    several = len(message.text.split()) > 1
    if written != talk.lang and several and _speaks(message.text, reading.lang, talk.lang):
        talk.lang = written
    chat = peer if channel is Channel.TELEGRAM else None
    if message.mail is not None:
        chat = memory.chat or message.mail.sender
    memory = replace(memory, lang=message.lang or memory.lang, chat=chat)
    remember(hub.vault, talk, memory)
    return memory


def sorry(memory: Memory, text: str, reading: Reading) -> str:
    """In the person's own language, once: that we read it and do not write it. Empty where they write one of ours."""
    foreign = reading.lang not in LANGS and len(text.split()) >= WORDS_OF_A_LANGUAGE
    if memory.sorry or not foreign or not _speaks(text, reading.lang, as_lang(reading.lang)):
        return ""
    return say(f"sorry_{reading.lang}", as_lang(reading.lang))


def _speaks(text: str, written: str, shown: str) -> bool:
    """Whether a text plainly speaks for one language over another, whichever of them is commoner."""
    scores, usual = evidence(text), evidence("")
    found = {str(lang): scores[lang] - usual[lang] for lang in scores}
    return found[written] - found[shown] >= PLAINLY
