"""E-mails made ready: links that open one, as RFC 6068 has them, and the conversation in it."""

from urllib.parse import quote

#: A longer link is cut, or not opened at all, by some programs that write e-mails.
MOST_CHARACTERS = 1800
#: Stands, in a text or in a link, for the conversation: the channel, which has it, puts it there as the text goes out.
CONVERSATION = "-conversation-"


def mailto(address: str, subject: str, body: str = "") -> str:
    """Return a link to an e-mail with a subject and, if there is one, a text.

    >>> mailto("a+b@iom.int", "Où ?")
    'mailto:a%2Bb@iom.int?subject=O%C3%B9%20%3F'
    """
    link = f"mailto:{quote(address, safe='@')}?subject={encoded(subject)}"
    return f"{link}&body={encoded(body)}" if body else link


def encoded(text: str) -> str:
    r"""Return a text as it stands in a link: nothing in it ends the link, or a field of it.

    >>> encoded("a & (b)\nc")
    'a%20%26%20%28b%29%0D%0Ac'
    """
    return quote(text.replace("\n", "\r\n"), safe="")
