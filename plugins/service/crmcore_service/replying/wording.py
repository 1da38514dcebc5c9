"""What customers are written around an answer, in the language of each: Chinese or English.

A workspace says its own acknowledgement by the settings service.acknowledge_en and service.acknowledge_zh: the first
line is the subject, the rest the text. `{number}`, `{name}`, `{subject}`, `{due}` and `{link}` are filled in; the last
two are sentences, empty where nothing is promised or no link is made.
"""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo

ENGLISH, CHINESE = "en", "zh"
FIELDS = ("number", "name", "subject", "due", "link")
"""What every text can have filled in."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_FIELD = re.compile(r"\{(\w+)\}")
_GAP = re.compile(r"\n{3,}")

ACKNOWLEDGEMENTS: Mapping[str, str] = {
    ENGLISH: "Re: {subject}\nDear {name},\n\nthank you for writing to us. Your request has the number {number};"
    " please leave it in the subject when you write about it again.\n\n{due}\n\n{link}\n",
    CHINESE: "Re: {subject}\n{name}，您好！\n\n来信已收到，工单编号为 {number}；再次来信时请在主题中保留此编号。"
    "\n\n{due}\n\n{link}\n",
}
_DUE = {ENGLISH: "We answer by {at}.", CHINESE: "我们将在 {at} 之前答复您。"}
_LINK = {ENGLISH: "How it stands: {link}", CHINESE: "查看进度：{link}"}
_WROTE = {ENGLISH: "On {at}, {who} wrote:", CHINESE: "{at}，{who} 写道："}
_NOBODY = {ENGLISH: "Sir or Madam", CHINESE: "尊敬的客户"}
_MOMENT = "%Y-%m-%d %H:%M"


def language_of(known: str, *texts: str) -> str:
    """Return in which of our languages a person is written to: that of the contact, else that of the first text."""
    if known:
        return CHINESE if known.lower().startswith(CHINESE) else ENGLISH
    said = next((one for one in texts if one.strip()), "")
    return CHINESE if _HAN.search(said) else ENGLISH


def filled(text: str, fields: Mapping[str, object]) -> str:
    """Return a text with its `{names}` filled in; one that nobody knows stays as it is."""
    return _FIELD.sub(lambda found: str(fields.get(found[1], found[0])), text)


def tidied(text: str) -> str:
    """Return a text without the gaps that empty fields leave."""
    return _GAP.sub("\n\n", text).strip() + "\n"


def unknown_fields(text: str) -> list[str]:
    """Return the names in a text that nobody fills in."""
    return sorted(set(_FIELD.findall(text)) - set(FIELDS))


def due(language: str, at: datetime | None, zone: tzinfo) -> str:
    """Return a sentence that says by when we answer; nothing where nothing is promised."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return filled(_DUE[language], {"at": f"{local.strftime(_MOMENT)} ({zone})"})


def link(language: str, address: str | None) -> str:
    """Return a line that says where the customer looks how it stands."""
    return filled(_LINK[language], {"link": address}) if address else ""


def somebody(language: str, name: str) -> str:
    """Return whom a letter greets."""
    return name or _NOBODY[language]


def wrote(language: str, at: datetime, who: str) -> str:
    """Return the line above what is quoted."""
    return filled(_WROTE[language], {"at": at.strftime(_MOMENT), "who": who})
