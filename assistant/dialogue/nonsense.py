"""Messages that are no question, whatever fact they are likeliest for."""

import re

from assistant.dialogue.message import Message
from assistant.french import fold
from assistant.knowledge.base import Knowledge

#: So many proper names in a row, and nothing else, ask nothing.
_STRING_OF_NAMES = 3
#: What nobody puts beside key words.
_SIGN = re.compile(r"""[^\w\s?!.,;:'"\u2019«»()&/+=–-]""")


def asks_nothing(message: Message, knowledge: Knowledge) -> bool:
    """Return whether a message is no question: proper names amid what is no word (« xz OIM pfrt glub »), or alone.

    « OIM OCAM oim » and « 🤡 OIM 🤡 » ask nothing; « OIM ONU » and « Pisani ? » are key words.
    """
    if message.gibberish:
        return True
    named = [name.key for name in message.mentions.subjects]
    others = len(fold(message.text).split()) - len(message.named)
    signs = bool(_SIGN.search(message.text))
    if others >= len(named) or (others and not signs) or not all(knowledge.subjects[key].proper for key in named):
        return False
    return signs or len(named) >= _STRING_OF_NAMES or len(set(named)) < len(named)
