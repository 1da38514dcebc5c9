"""Links that tell us they were followed: only by our own address, only for people who agreed, else left alone."""

import re
from collections.abc import Callable
from datetime import datetime
from html import escape, unescape

from attrs import frozen
from sqlalchemy import select

from crmcore.api import PluginReader, Reader, tables

_PLAIN = re.compile(r"https?://[^\s<>\"'）)\]，。；]+")
_HREF = re.compile(r"""(?P<before><a\s[^>]*?href=)(?P<quote>["'])(?P<url>https?://[^"']+)(?P=quote)""", re.IGNORECASE)
_TRAILING = ".,;:!?"
LINKS = "links"
"""Where a message's details have the addresses its links lead to, in the order of their numbers."""


@frozen(kw_only=True)
class Tracked:
    """The parts of a message with links by way of us, and where each leads, the first being number 0."""

    text: str
    html: str
    links: tuple[str, ...] = ()


def agrees(reader: Reader | PluginReader, contact_id: int, at: datetime) -> bool:
    """Return whether a person granted us mail for marketing, by the latest word on it: one statement."""
    c = tables.consent.c
    said = reader.first(
        select(c.state)
        .where(
            c.contact_id == contact_id,
            c.channel.in_(("email", "*")),
            c.purpose.in_(("marketing", "*")),
            c.at <= at,
            c.until.is_(None) | (c.until > at),
        )
        .order_by(c.at.desc(), c.id.desc())
    )
    return said is not None and said.state == "granted"


def tracked(text: str, html: str, url: str, token: str) -> Tracked:
    """Return the parts with every link by way of `url`/c/TOKEN/NUMBER; links to `url` itself stay as they are."""
    links: list[str] = []

    def ours(link: str) -> str:
        if link == url or link.startswith(f"{url}/"):
            return link
        if link not in links:
            links.append(link)
        return f"{url}/c/{token}/{links.index(link)}"

    return Tracked(text=_in_text(text, ours), html=_in_html(html, ours), links=tuple(links))


def _in_text(text: str, ours: Callable[[str], str]) -> str:
    def replaced(found: re.Match[str]) -> str:
        link = found[0].rstrip(_TRAILING)
        return ours(link) + found[0][len(link) :]

    return _PLAIN.sub(replaced, text)


def _in_html(html: str, ours: Callable[[str], str]) -> str:
    def replaced(found: re.Match[str]) -> str:
        link = escape(ours(unescape(found["url"])))
        return f"{found['before']}{found['quote']}{link}{found['quote']}"

    return _HREF.sub(replaced, html)
