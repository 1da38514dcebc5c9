"""What was newly written in a message, apart from what it quotes and how it is signed."""

import re
from collections.abc import Iterator

from attrs import frozen

from crmcore.formats.mail.introductions import begins_original, introduces, seems_to_introduce

_QUOTED = re.compile(r"^\s{0,3}>")
_DELIMITER = re.compile(r"^(?:--|—)\s*$")  # RFC 3676, 4.3; many drop the space
_FOOTER_RULE = re.compile(r"^_{20,}\s*$")
_MOBILE = re.compile(
    r"^[\s*]*(?:sent from my \S|sent from (?:mail|yahoo mail|outlook) (?:for|on) |get outlook for |sent via \S+ mobile|"
    r"von meinem \S.{0,40} gesendet|gesendet von |envoyé (?:de|depuis) m|enviado (?:desde|do|a partir do) m|"
    r"inviato da(?:l mio)? |verzonden vanaf m|skickat från m|отправлено с |发自我的|發自我的|从我的.{0,30}发送|"
    r"從我的.{0,30}傳送|来自我的|获取 ?outlook|取得 outlook|发送自|發送自|iphoneから送信|나의 iphone)",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"^[-–—]\s?[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2}$")
_FOOTER_LINES = 10


@frozen(kw_only=True)
class Reply:
    """A message's text in two: every line that is not blank is in exactly one of them, in order."""

    body: str
    quoted: str


def cut_reply(text: str) -> Reply:
    """Cut `text` (plain, lines ended by LF or CRLF) into what was newly written, and the quotations and signatures."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cut = _quotations(lines)
    for start, end in list(_runs(cut, False)):
        for place in range(_signature(lines[start:end]) + start, end):
            cut[place] = True
    return Reply(body=_joined(lines, cut, False), quoted=_joined(lines, cut, True))


def _quotations(lines: list[str]) -> list[bool]:
    """Tell for each line whether it belongs to a quotation or introduces one."""
    cut = [bool(_QUOTED.match(line)) for line in lines]
    before_quotation = _before_quotation(lines, cut)
    for place, line in enumerate(lines):
        if cut[place] or not line.strip():
            continue
        if begins_original(lines, place):
            return _cut_rest(lines, cut, place)
        start = introduces(lines, place)
        follows = before_quotation[place]
        if start is not None and not follows:
            return _cut_rest(lines, cut, start)
        if start is not None or (follows and seems_to_introduce(line)):
            for each in range(place if start is None else start, place + 1):
                cut[each] = True
    return cut


def _before_quotation(lines: list[str], quoted: list[bool]) -> list[bool]:
    """Tell for each line whether the next one that is not blank is quoted."""
    found = [False] * len(lines)
    following = False
    for place in range(len(lines) - 1, -1, -1):
        found[place] = following
        following = quoted[place] if lines[place].strip() else following
    return found


def _cut_rest(lines: list[str], cut: list[bool], start: int) -> list[bool]:
    """Cut everything from `start`, and the rule drawn above it."""
    above = start - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    first = above if above >= 0 and _is_rule(lines[above]) else start
    return cut[:first] + [True] * (len(lines) - first)


def _is_rule(line: str) -> bool:
    drawn = line.strip()
    return len(drawn) >= 5 and not drawn.strip("*_=- ")


def _signature(lines: list[str]) -> int:
    """Return where the signature of newly written lines begins, their number if there is none."""
    end = next((place for place, line in enumerate(lines) if _DELIMITER.match(line)), len(lines))
    rule = next((place for place, line in enumerate(lines[:end]) if _FOOTER_RULE.match(line)), end)
    if end - rule <= _FOOTER_LINES:
        end = rule
    last = end - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    if last < 0:
        return end
    first = last
    while first > 0 and lines[first - 1].strip():
        first -= 1
    mobile = next((place for place in range(first, last + 1) if _MOBILE.match(lines[place])), None)
    if mobile is not None:
        return mobile
    if first == last and last > 0 and _INITIALS.match(lines[last].strip()):
        return last
    return end


def _runs(cut: list[bool], wanted: bool) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the stretches of lines that are cut, or not."""
    start = 0
    for place in range(1, len(cut) + 1):
        if place == len(cut) or cut[place] != cut[start]:
            if cut[start] == wanted:
                yield start, place
            start = place


def _joined(lines: list[str], cut: list[bool], wanted: bool) -> str:
    stretches = ("\n".join(lines[start:end]).strip("\n") for start, end in _runs(cut, wanted))
    return "\n\n".join(each.rstrip() for each in stretches if each.strip()).strip()
