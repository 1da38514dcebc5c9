"""Cleaning an answer of whom it was given to, before others read it: names, addresses, numbers, greetings."""

import re
from collections.abc import Iterable

from crmcore_service.answers.gist import ADDRESS, LINK, PHONE, matter

GONE = "[…]"
"""What stands where something was."""

_NUMBER = re.compile(r"(?<![\w.])[A-Z]{0,4}[-#]?\d{6,}(?![\w])|\b(?:\d{1,3}\.){3}\d{1,3}\b", re.ASCII)
"""Numbers of orders, customers and devices, and addresses on the net; a part number such as 88-120 stays."""
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau)\.?\s+[A-ZÄÖÜ][\w'’-]+(?:\s+[A-ZÄÖÜ][\w'’-]+)?")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_CHINESE_TITLED = re.compile(
    rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?:先生|女士|小姐|经理|主任|师傅|老师|工程师|总监|总(?=[，,。：:\s]|$)|工(?=[，,。：:\s]|$))"
)
_STREET = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?:路|街|大道|巷|弄)\s*\d+\s*号?(?:[\u4e00-\u9fff\d]{0,12}(?:室|楼|层|栋|单元))?"
    r"|\b\d{1,5}\s+(?:[A-Z][\w.]+\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Blvd)\b\.?"
)
_LEGAL = re.compile(
    r"(?:\s+(?:Ltd|GmbH|Inc|AG|AB|B\.V|S\.p\.A|LLC|Co|Corp|Sons|Group)\.?)+$|(?:股份)?有限(?:责任)?公司$|集团$|公司$",
    re.IGNORECASE,
)
_SHORTEST = 3
"""Letters that a part of a person's name has to be looked for by itself."""


def cleaned(text: str, people: Iterable[str] = (), firms: Iterable[str] = ()) -> str:
    """Return a text without greeting and farewell, and with nothing that tells of whom it is about."""
    return unnamed(matter(text), people, firms)


def unnamed(text: str, people: Iterable[str] = (), firms: Iterable[str] = ()) -> str:
    """Return a text with `GONE` where it has addresses, numbers to call, titled names, and the names that are given."""
    said = text
    for pattern in (ADDRESS, LINK, _STREET, PHONE, _NUMBER):
        said = pattern.sub(GONE, said)
    named = {part for each in people for part in _parts(each)}
    named |= {part for each in firms for part in (each.strip(), _LEGAL.sub("", each).strip()) if len(part) > 1}
    for name in sorted(named, key=len, reverse=True):
        bound = r"\b" if name.isascii() else ""
        said = re.sub(rf"{bound}{re.escape(name)}{bound}", GONE, said, flags=re.IGNORECASE)
    for pattern in (_TITLED, _CHINESE_TITLED):
        said = pattern.sub(GONE, said)
    return re.sub(rf"{re.escape(GONE)}(?:[\s,，、]*{re.escape(GONE)})+", GONE, said)


def _parts(name: str) -> Iterable[str]:
    """Yield the name of a person as it is written, and the words of one in Latin letters."""
    whole = name.strip()
    if len(whole) > 1:
        yield whole
        yield from (word for word in re.findall(r"[^\W\d_]+", whole) if word.isascii() and len(word) >= _SHORTEST)
