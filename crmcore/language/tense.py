"""Whether a clause speaks of what is done or of what is still to do."""

import re

_CUE = re.compile(
    r"(?P<due>\b(?:will|'ll|shall|wants?|wanted|needs?|must|should|would|could|can|may|please|pls"
    r"|remind|to|by|due|before|until|till"
    r"|let's|going|plans?|schedule[ds]?|arrange[ds]?|booked|confirmed|expects?|expected|asked\s+(?:for"
    r"|to|us)|asks|promise[ds]?|promising|agreed"
    r"|commit(?:s|ted)?|guaranteed?|follow\s?-?up|send|deliver|call\s+(?:back|again)|sending|deadline"
    r"|next\s+step|wrap)\b"
    r"|要|将|会(?!议|面|谈)|请|答应|承诺|保证|希望|需要|约定|约好|约在|约了|截止|记得|提醒|必须|应该"
    r"|待|计划|打算|准备|同意|回复)"
    r"|(?P<happened>\b(?<!\bbe\s)(?<!\bthe\s)(?<!\ba\s)(?:called|rang|phoned|met|spoke|talked|visited"
    r"|wrote|e-?mailed|mailed|texted|sent|saw|had|has|have|was|were|did|got|received|came"
    r"|discussed|asked|delivered|signed|ordered|paid|said|told|chatted|left|shipped|installed|bought"
    r"|complained|showed"
    r"|made|gave|went|took|reached|missed|quoted|lost|won|shook|presented|minutes|mins?|hours?|h|hrs?)\b"
    r"|[打见谈发收聊寄交送签买拜访来去问付开说]了|[打谈见聊发收]过|拜访了|已经?|刚|来过|[打写来]来"
    r"|来电(?!话号)|通话|分钟|小时|钟头)",
    re.IGNORECASE,
)


# A cue further away says nothing about a date.
_REACH = 160


def tense_at(text: str, start: int, end: int, position: int) -> str:
    """Return `due`, `happened` or an empty string for a date at `position` in the clause `text[start:end]`.

    The nearest cue before the date decides, else the first one after it.
    """
    before = after = ""
    for cue in _CUE.finditer(text, max(start, position - _REACH), min(end, position + _REACH)):
        if cue.start() < position:
            before = cue.lastgroup or ""
        elif not after:
            after = cue.lastgroup or ""
    return before or after
