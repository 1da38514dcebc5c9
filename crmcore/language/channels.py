"""By which channel something passed, and in which direction. `spoke to` is taken as a call."""

import re

CHANNEL_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "call",
        r"\b(?:(?:tele)?phon(?:e|ed|ing)s?(?!\s+(?:system|number|line)s?\b)|calls?|called|calling|rang"
        r"|ring|^\W*tried(?!\s+to\s+(?!call|reach|phone|ring))|spoke|spoken|talked|voice\s?mail|vm)\b"
        r"|打了?个?电话|电话(?!号|系统|机)|通了?话|来电|去电|致电|回电|语音留言",
    ),
    ("email", r"\be-?mail(?:s|ed|ing)?\b|\bmail(?:s|ed|ing)?\b|邮件|电邮|邮箱|发邮|来信|去信"),
    (
        "chat",
        r"\b(?:chat(?:s|ted)?|we\s?chat|weixin|whats\s?app(?:ed)?|texted|sms|slack|teams|messenger"
        r"|telegram|line\s+message)\b|微信|短信|钉钉|飞书|QQ|企微",
    ),
    (
        "meeting",
        r"\b(?:meetings?|met|meet|lunch(?:ed)?|dinner|coffee|zoom|video\s?call|conference)\b|开了?会|会议"
        r"|会面|面谈|见面|见了|碰头|碰面|洽谈|吃了?饭|午餐|晚餐|一起喝|喝了|视频会",
    ),
    ("visit", r"\b(?:visit(?:s|ed|ing)?|on[- ]site|dropped\s+(?:in|by)|stopped\s+by)\b|拜访|上门|走访|来访|登门"),
    ("letter", r"\b(?:letters?|post(?:card|ed)?)\b|信函|寄信|挂号信"),
    ("fax", r"\bfax(?:es|ed)?\b|传真"),
)
"""Channels and the words for them; where two stand in a text, the one said first counts."""

_CHANNELS = [(channel, re.compile(words, re.IGNORECASE)) for channel, words in CHANNEL_PATTERNS]
_WROTE = re.compile(r"\b(?:wrote|written)\b|写信", re.IGNORECASE)
_US = r"(?:i|we|i've|we've)\s+(?:have\s+|just\s+|also\s+)*"
_SAID = r"(?:called|rang|phoned|wrote|e-?mailed|mailed|texted|visited|faxed|messaged|whatsapped|dropped\s+in|came)"
_OUT = re.compile(
    rf"\b{_US}{_SAID}\b|^\W*(?:(?:just|today|yesterday)\s+)?{_SAID}\b(?!\s+(?:by|from|in\b))"
    rf"|^\W*tried\b|\b(?:outgoing|outbound)\b|\b(?:left|leave)\s+(?:a\s+)?(?:voice\s?mail|message|vm)\b"
    r"|\b(?:call|mail|e-?mail|letter|fax|visit|message)s?\s+to\b|\b(?:sent|write|replied|wrote\s+(?:to"
    r"|him|her|them))\b|\bcalled\s+(?:him|her|them)\b"
    r"|去电|致电|去信|打了?个?电话给|打给|(?:给|跟)[^，。,.;；]{1,12}(?:打了?个?电话|发了?个?(?:邮件"
    r"|微信|短信|传真)|去了?个?电话|写信)|(?:发|寄)了?(?:邮件|微信|传真|信)?给|拜访|上门|走访|登门",
    re.IGNORECASE,
)
_IN = re.compile(
    rf"\b(?:he|she|they|customer|client|who)\s+(?:has\s+|just\s+|also\s+)*{_SAID}\b|\b(?:incoming"
    rf"|inbound)\b|\b(?:call|mail|e-?mail|letter|fax|visit|message|voicemail)s?\s+from\b"
    rf"|\bcalled\s+(?:in|by|us|me|back)\b"
    rf"|\b(?:received|got)\b|\b(?:rang|phoned|wrote|e-?mailed|mailed|visited)\s+(?:us|me|in)\b"
    rf"|[a-z]\S*\s+(?:from\s+\S+\s+)?{_SAID}\b"
    r"|来电(?!话号)|来信|来访|打来|打过来|收到|来函|发来|回电(?!话)|主动联系|给(?:我"
    r"|我们)(?:打了?个?电话|发了?个?(?:邮件|微信|短信))",
    re.IGNORECASE,
)


def find_channel(text: str) -> str:
    """Return call, email, chat, meeting, visit, letter or fax, or an empty string where nothing is said."""
    first = min(
        ((found.start(), channel) for channel, words in _CHANNELS if (found := words.search(text))), default=None
    )
    if first:
        return first[1]
    return "email" if _WROTE.search(text) else ""


def find_direction(text: str) -> str:
    """Return `out` (from us), `in` (to us), or an empty string where the text does not say."""
    out, inward = _OUT.search(text), _IN.search(text)
    if out and inward:
        # "I called": the pattern of a name before the verb fits as well; ours is the narrower one.
        return "out" if out.start() <= inward.start() else "in"
    return "out" if out else "in" if inward else ""
