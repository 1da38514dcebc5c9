"""The text of a message to be read by people: which parts hold it, and how they become plain text."""

from crmcore.formats.mail.headers import Mail
from crmcore.formats.mail.html import html_to_text
from crmcore.formats.mail.mime import filename, is_read, parameter, parts_of, text


def readable_text(message: Mail) -> tuple[str, list[str]]:
    """Return the text of a message, its readable parts one below the other, and the defects met.

    Of alternatives the plain one is taken, the HTML one where the plain one is empty.
    """
    texts: list[str] = []
    defects: list[str] = []
    for part in _chosen(message):
        shown, defect = _plain(part)
        texts += [shown] if shown.strip() else []
        defects += [defect] if defect else []
    return "\n\n".join(each.strip("\n") for each in texts), defects


def is_body(part: Mail) -> bool:
    """Tell whether a leaf is shown with the message: readable, and not a named file among other parts."""
    return is_read(part) and not filename(part)


def _chosen(part: Mail) -> list[Mail]:
    inner = parts_of(part)
    if not inner:
        return [part] if is_body(part) else []
    branches = [_chosen(each) for each in inner]
    if part.get_content_type() != "multipart/alternative":
        return [leaf for branch in branches for leaf in branch]
    filled = [branch for branch in branches if any(_plain(leaf)[0].strip() for leaf in branch)]
    plain = [branch for branch in filled if all(leaf.get_content_type() != "text/html" for leaf in branch)]
    return next(iter(plain or filled), [])


def _plain(part: Mail) -> tuple[str, str]:
    shown, defect = text(part)
    if part.get_content_type() == "text/html":
        return html_to_text(shown), defect
    if parameter(part, "format").lower() == "flowed":
        return _unflowed(shown, parameter(part, "delsp").lower() == "yes"), defect
    return shown, defect


def _unflowed(flowed: str, drop_space: bool) -> str:
    """Join the soft-wrapped lines of format=flowed text (RFC 3676, 4)."""
    joined: list[tuple[str, str]] = []
    soft = False
    for line in flowed.replace("\r\n", "\n").split("\n"):
        rest = line.lstrip(">")
        quotes = line[: len(line) - len(rest)]
        rest = rest.removeprefix(" ")
        if soft and joined[-1][0] == quotes and rest != "-- ":
            joined[-1] = (quotes, (joined[-1][1][:-1] if drop_space else joined[-1][1]) + rest)
        else:
            joined.append((quotes, rest))
        soft = rest.endswith(" ") and rest != "-- "
    return "\n".join(f"{quotes} {rest}" if quotes else rest for quotes, rest in joined)
