"""Names of people and organisations in an English line, told by capitals and by the words around them."""

import re

from attrs import frozen


@frozen(kw_only=True)
class FoundName:
    """A name at `text[start:end]`; the higher `weight`, the likelier it is who was dealt with."""

    start: int
    end: int
    text: str
    weight: int
    organisation: bool = False


# Words that begin a clause with a capital and are no names.
_ORDINARY_WORDS = """
    i we he she they you it a an the this that these those my our your his her their its and or but so then also
    again after before by for from with without to in on at of about re regarding no not yes ok please pls will
    would shall should could can may might must do does did done is are was were be been has have had having call
    called calling calls phone phoned phoning rang ring ringing voicemail vm met meet meeting meetings spoke speak
    spoken talked talk talking visit visited visiting wrote write written email emailed e-mail mail mailed letter
    fax faxed chat chatted texted text sms wechat whatsapp slack teams zoom telegram left sent send sending got
    get received receive lunch dinner coffee breakfast note notes wants want wanted needs need needed asks asked
    ask likes like prefers prefer promised promise agreed agree offered offer discussed discuss quick quickly
    brief short long good great bad new old follow followup follow-up remind todo task call-back callback incoming
    outgoing inbound outbound today tomorrow yesterday tonight morning afternoon evening noon monday tuesday
    wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january february march
    april june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
    min mins minutes hour hours h hr hrs asap eod eow eom po crm vat eur usd cny rmb q1 q2 q3 q4 pdf nda rfq rfp
    demo order quote quotation contract invoice delivery installation discount payment price prices product
    products router routers via per just still never always only very all both some any another customer client
    supplier partner boss team colleague engineer support sales office trade fair conference free happy unhappy
    angry interested complained confirmed signed paid ordered bought decided everything nothing he's she's they're
    we'll i'll they'll he'll she'll don't didn't doesn't won't can't said says say told showed gave give check
    prepare book schedule arrange deliver install bring dear hi hello thanks thank mr mrs ms dr prof sir madam
    reached reach tried try dropped stopped saw see seen due half quarter one two three four five six seven eight
    nine ten if when while because since until till him me us them someone somebody nobody back
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
_PARTICLE = r"(?:van|von|de|der|den|da|di|du|la|le|el|al|bin|ten|ter)"
_CAPITAL = r"(?:Mrs?\.|Ms\.|Dr\.|Prof\.|[A-Z]\.|[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’\-]*)"
_RUN = re.compile(
    rf"(?:(?:Mrs?|Ms|Miss|Dr|Prof)\.?\s+)?{_CAPITAL}(?: +(?:(?:{_PARTICLE} +)*{_CAPITAL}|& +{_CAPITAL}))*"
)
_TITLE = re.compile(r"^(?:Mrs?|Ms|Miss|Dr|Prof)\.?\s+")
_COMPANY = re.compile(
    r"\b(?:Ltd|GmbH|Inc|Corp|LLC|AG|SA|Co|PLC|BV|Group|Bank|University|Hospital|Hotel|Industries"
    r"|Systems|Technologies|Electronics|Trading|Logistics|Holdings?|Solutions|Foods|Motors)\b\.?$"
)
_BEFORE_PERSON = re.compile(
    r"\b(?:called|calling|call(?:\s+(?:with|to|from))?|rang|phoned|phone|spoke\s+(?:to|with)"
    r"|spoken\s+(?:to|with)|talked\s+(?:to|with)|talk\s+(?:to|with)|met(?:\s+with)?|meeting\s+(?:with"
    r"|at)?"
    r"|visited|visit\s+(?:to|at|with|from)?|wrote(?:\s+to)?|(?:e-)?mailed|(?:e-)?mail\s+(?:from|to)"
    r"|texted|message\s+(?:from|to|for)|voicemail\s+(?:for|from|to)|letter\s+(?:from|to)|fax\s+(?:from"
    r"|to)"
    r"|chat(?:ted)?\s+(?:with|to)|lunch\s+with|dinner\s+with|coffee\s+with|demo\s+(?:for|to|with)|saw"
    r"|reached|tried|zoom\s+with|whats\s?app(?:ed)?(?:\s+(?:with|from|to))?|wechat(?:\s+(?:with|from"
    r"|to))?|heard\s+from|contacted)\s+(?:the\s+|our\s+client\s+|customer\s+|client\s+)?$",
    re.IGNORECASE,
)
_BEFORE_ORGANISATION = re.compile(r"(?:\b(?:of|at)\s+(?:the\s+)?|[(,]\s*)$")
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?$", re.IGNORECASE)
_AND = re.compile(r"^\s*(?:and|&|,)\s*$")
_LOWER_AFTER_VERB = re.compile(
    r"^\W*(?:called|rang|phoned|met(?:\s+with)?|visited|e-?mailed|wrote\s+to|spoke\s+(?:to|with)"
    r"|talked\s+(?:to|with)|call\s+with|meeting\s+with|lunch\s+with"
    r"|texted)\s+(?P<names>[a-z][\w'\-]*(?:\s+[a-z][\w'\-]*){0,3})"
)
_LOWER_START = re.compile(r"^\W*(?P<names>[a-z][\w'\-]*(?:\s+[a-z][\w'\-]*){0,3})")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds without ordinary words at the ends of the run."""
    words = [(start + m.start(), start + m.end(), m[0]) for m in re.finditer(r"\S+", text[start:end])]
    while (
        words
        and words[0][2].strip(".,'’").lower() in _ORDINARY
        and not (len(words) > 1 and _TITLE.match(words[0][2] + " "))
    ):
        words.pop(0)
    for place, (_, _, word) in enumerate(words):
        if place > 0 and word.strip(".,'’").lower() in _ORDINARY:
            words = words[:place]
            break
    return (words[0][0], words[-1][1]) if words else (start, start)


def _without_possessive(text: str) -> str:
    return re.sub(r"['’]s?$", "", text)


def find_names(text: str) -> list[FoundName]:
    """Return the names in an English line, in order, with their weights; organisations marked."""
    found: list[FoundName] = []
    for run in _RUN.finditer(text):
        start, end = _trimmed(text, run.start(), run.end())
        name = _without_possessive(text[start:end])
        if len(_TITLE.sub("", name)) < 2 or not any(c.islower() or c.isupper() for c in name):
            continue
        end = start + len(name)
        before, after = text[:start], text[end:]
        last = found[-1] if found else None
        company = bool(_COMPANY.search(name))
        joined = last is not None and _AND.match(text[last.end : start]) is not None
        follows_name = last is not None and bool(
            re.fullmatch(r"\s*(?:of|from|at|@|\(|,|-|–|/)\s*(?:the\s+)?", text[last.end : start])
        )
        if company or (
            follows_name
            and not re.match(r"\s*,", text[last.end : start] if last else "")
            and not (last and last.organisation)
        ):
            found.append(FoundName(start=start, end=end, text=name, weight=1, organisation=True))
        elif (
            joined
            and last is not None
            and last.weight >= 3
            and ("," not in text[last.end : start] or not re.match(r"\s+(?:called|rang|wants?)", after))
        ):
            found.append(FoundName(start=start, end=end, text=name, weight=last.weight))
        elif _BEFORE_PERSON.search(before):
            found.append(FoundName(start=start, end=end, text=name, weight=5))
        elif not re.search(r"\w", before):
            found.append(FoundName(start=start, end=end, text=name, weight=4))
        elif _FROM.search(before):
            found.append(FoundName(start=start, end=end, text=name, weight=3))
        elif _BEFORE_ORGANISATION.search(before):
            found.append(FoundName(start=start, end=end, text=name, weight=1, organisation=True))
        elif re.match(
            r"\s+(?:called|rang|phoned|wrote|e-?mailed|wants?|asked|needs?|promised|visited|said|complained"
            r"|\d)",
            after,
        ):
            found.append(FoundName(start=start, end=end, text=name, weight=3))
        elif _TITLE.match(name) or re.search(r"\b(?:with|for|to)\s+$", before):
            found.append(FoundName(start=start, end=end, text=name, weight=2))
        else:
            found.append(FoundName(start=start, end=end, text=name, weight=1))
    return found or _lower_case(text)


def _lower_case(text: str) -> list[FoundName]:
    """Return a name typed without capitals: `li wei 10 min call`, `called li wei about ...`."""
    for pattern in (_LOWER_AFTER_VERB, _LOWER_START):
        match = pattern.match(text)
        if not match:
            continue
        start = match.start("names")
        end = start
        for word in list(re.finditer(r"\S+", match["names"]))[:3]:
            if word[0].rstrip(".,'").lower() in _ORDINARY:
                break
            end = start + word.end()
        rest = text[end:].lstrip()
        if end > start and (
            pattern is _LOWER_AFTER_VERB
            or re.match(r"(?:\d|half|an?\s|call|rang|phon|e-?mail|want|need|ask|met|visit|wrote|[,:;.-]|$)", rest)
        ):
            return [FoundName(start=start, end=end, text=text[start:end], weight=3)]
    return []
