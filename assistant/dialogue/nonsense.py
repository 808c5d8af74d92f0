"""Messages that are no question, whatever fact they are likeliest for."""

import re

from assistant.dialogue.message import Message
from assistant.french import fold
from assistant.knowledge.base import Knowledge

#: So many proper names in a row, and nothing else, ask nothing.
_STRING_OF_NAMES = 3
#: Of so many words, each is there twice or more.
_REPEATED = 4
#: So many numbers, beside names or alone.
_NUMBERS = 3
#: What nobody puts beside key words.
_SIGN = re.compile(r"""[^\w\s?!.,;:'"\u2019«»()&/+=–-]""")


def asks_nothing(message: Message, knowledge: Knowledge) -> bool:
    """Return whether a message is no question: what is no word, the same words over and over, numbers, or names only.

    « xz OIM pfrt », « pays pays pays pays », « OIM 1 2 3 », « OIM OCAM oim » and « 🤡 OIM 🤡 » ask nothing; « OIM ONU »
    and « Pisani ? » are key words.
    """
    words = fold(message.text).split()
    if message.gibberish or (len(words) >= _REPEATED and 2 * len(set(words)) <= len(words)):
        return True
    others = [word for place, word in enumerate(words) if place not in message.named]
    if len(others) >= _NUMBERS and all(map(str.isdecimal, others)):
        return True
    named = [name.key for name in message.mentions.subjects]
    signs = bool(_SIGN.search(message.text))
    if len(others) >= len(named) or (others and not signs):
        return False
    repeated = signs or len(named) >= _STRING_OF_NAMES or len(set(named)) < len(named)
    return repeated and all(knowledge.subjects[key].proper for key in named)
