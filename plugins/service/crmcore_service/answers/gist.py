"""What of a message is the matter: without greeting and farewell, signature, addresses and numbers to call."""

import re

ADDRESS = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+", re.ASCII)
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'，。；）)]+", re.IGNORECASE | re.ASCII)
PHONE = re.compile(r"(?<![\w.])(?:\+|00)?\d(?:[\s\-./()]{0,2}\d){6,16}(?![\w])", re.ASCII)
"""A number of seven to seventeen digits, however they are parted."""

_GREETING = re.compile(
    r"\A\s*(?:(?:dear|hello|hi|hey|good (?:morning|afternoon|evening|day))\b[^\n,:!.，]{0,60}[,:!.，]+"
    r"|(?:尊敬的|亲爱的)[^\n，,：:！]{0,20}[，,：:！]+|(?:您好|你好|大家好|早上好|下午好)[，,：:！!。\s]*)",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"(?:^|\n|[.!?。！？]|\s)\s*(?:(?:(?:best|kind|warm|with(?: (?:best|kind))?)[ \t]+)?regards\b"
    r"|yours (?:sincerely|faithfully|truly)\b"
    r"|sincerely\b|best wishes\b|cheers\b|many thanks\b|thanks(?: (?:a lot|in advance|again))?\s*(?:[!.,]|$)"
    r"|thank you(?: (?:very much|in advance))?\s*(?:[!.,]|$)|--\s*(?:\n|$)|sent from my\b"
    r"|此致|敬礼|祝好|谢谢(?=[!！。，,\s]|$)|多谢|顺祝|祝商祺)",
    re.IGNORECASE,
)


def matter(text: str) -> str:
    """Return what stands between greeting and farewell; all of it where nothing would be left."""
    said = _GREETING.sub("", text, count=1)
    end = _FAREWELL.search(said)
    if end is not None and said[: end.start()].strip():
        said = said[: end.start() + 1]
    return said.strip() or text.strip()


def gist(text: str) -> str:
    """Return the matter of a message without addresses and numbers to call."""
    said = matter(text)
    for pattern in (ADDRESS, LINK, PHONE):
        said = pattern.sub(" ", said)
    return said.strip()
