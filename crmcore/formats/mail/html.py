"""HTML mail to plain text, with what it quotes marked by ">" as in plain mail."""

import re
from collections import Counter
from html.parser import HTMLParser

_BLOCKS = re.compile(
    r"address|article|aside|blockquote|body|center|dd|div|dl|dt|fieldset|figure|footer|form|h1|"
    r"h2|h3|h4|h5|h6|header|hr|html|li|main|nav|ol|p|pre|section|table|tbody|td|th|tr|ul"
)
_SPACED = re.compile(r"p|h1|h2|h3|h4|h5|h6|ul|ol|blockquote|pre|table")
_HIDDEN = re.compile(r"head|script|style|template|title|xml")
_UNCLOSED = re.compile(r"p|li|td|tr|dt|dd|option")  # the next one ends it
_VOID = re.compile(r"area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
# How mail programs name the element that holds the quotation or its introduction: Gmail, Thunderbird, Outlook for Mac,
# Yahoo, ProtonMail, Zoho, 163 and 126, QQ, Foxmail.
_QUOTES = re.compile(
    r"gmail_quote|gmail_attr|moz-cite-prefix|OLK_SRC_BODY_SECTION|yahoo_quoted|protonmail_quote|"
    r"zmail_extra|isReplyContent|isForwardContent|ntes-mailmaster-quote|spnEditorQuote|FoxDiv|qmbox|mail-quote",
)


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line = ""
        self.open: list[tuple[str, int]] = []  # each open element, and how deep in quotations its content is
        self.named: Counter[str] = Counter()  # how many elements of each name are open
        self.hidden = 0
        self.preserved = 0

    @property
    def depth(self) -> int:
        return self.open[-1][1] if self.open else 0

    def end_line(self, *, blank: bool = False) -> None:
        shown = self.line.rstrip() if self.preserved else self.line.strip()
        prefix = "> " * self.depth
        if shown:
            self.lines.append(prefix + shown)
        if blank and self.lines:
            if self.lines[-1].strip("> "):
                self.lines.append(prefix.rstrip())
            self.lines[-1] = min(self.lines[-1], prefix.rstrip(), key=len)  # it belongs to the outer quotation
        self.line = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.open and self.open[-1][0] == tag and _UNCLOSED.fullmatch(tag):
            self._close_last()
        given = {name: value or "" for name, value in attrs}
        if _BLOCKS.fullmatch(tag):
            self.end_line(blank=bool(_SPACED.fullmatch(tag)))
        if tag == "br":
            self._break()
        elif tag == "hr":
            self.lines.append("> " * self.depth + "________________________________")
        elif tag == "li":
            self.line = "- "
        elif tag == "img" and given.get("alt"):
            self.handle_data(f"[{given['alt']}]")
        if _VOID.fullmatch(tag):
            return
        quotes = tag == "blockquote" or bool(_QUOTES.search(given.get("class", "") + " " + given.get("id", "")))
        self.open.append((tag, self.depth + quotes))
        self.named[tag] += 1
        self.hidden += bool(_HIDDEN.fullmatch(tag))
        self.preserved += tag == "pre"

    def _break(self) -> None:
        if self.line.strip():
            self.end_line()
        else:
            self.lines.append(("> " * self.depth).rstrip())
            self.line = ""

    def handle_endtag(self, tag: str) -> None:
        if not self.named[tag]:
            return
        while self._close_last() != tag:
            pass
        if _SPACED.fullmatch(tag):
            self.end_line(blank=True)

    def _close_last(self) -> str:
        name = self.open[-1][0]
        if _BLOCKS.fullmatch(name):
            self.end_line()
        self.open.pop()
        self.named[name] -= 1
        self.hidden -= bool(_HIDDEN.fullmatch(name))
        self.preserved -= name == "pre"
        return name

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        if self.preserved:
            first, *others = data.split("\n")
            self.line += first
            for other in others:
                self._break()
                self.line = other
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self.line += words.lstrip(" ") if self.line.endswith(" ") or not self.line else words


def _with_whole_tags_only(html: str) -> str:
    """Return HTML without comments, and with every "<" that no ">" follows as text.

    The parser would seek the end of each of them anew, which takes minutes on a mail made for that.
    """
    shown: list[str] = []
    start = 0
    while (opening := html.find("<!--", start)) >= 0 and (closing := html.find("-->", opening + 4)) >= 0:
        shown.append(html[start:opening])
        start = closing + 3
    first, *others = "".join([*shown, html[start:]]).split("<")
    return first + "".join(("<" if ">" in each else "&lt;") + each for each in others)


def html_to_text(html: str) -> str:
    """Return the visible text of an HTML document, a line for each block.

    Block quotations and the elements in which mail programs wrap what they quote are prefixed with "> ", as often as
    they are nested, so that text from HTML can be cut like plain text.
    """
    writer = _Writer()
    try:
        writer.feed(_with_whole_tags_only(html))
        writer.close()
    except (AssertionError, ValueError):  # a broken declaration in a mail that is broken anyway
        writer.handle_data(re.sub(r"<[^>]*>", " ", html))
    writer.end_line()
    text = "\n".join(writer.lines).replace("\xa0", " ")
    return re.sub(r"\n{3,}", "\n\n", text).strip()
