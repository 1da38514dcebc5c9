"""Access logs in Apache's combined format: which pages were looked at, and by which campaign's address."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from attrs import frozen

from crmcore.api import Rejection
from crmcore_marketing.i18n import _
from crmcore_marketing.web.cleaning import clean
from crmcore_marketing.web.tags import tags_of

# host ident user [time] "request" status bytes "referrer" "agent" (Apache HTTP Server, mod_log_config: combined)
_LINE = re.compile(
    r'(?P<host>\S+) \S+ (?P<user>.+?) \[(?P<time>[^\]]+)\] "(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?:\d+|-)'
    r'(?: "(?P<referrer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?\s*'
)
_REQUEST = re.compile(r"(?P<method>[A-Z]+) (?P<target>.+?)(?: HTTP/[\d.]+)?")
_MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|fetch|monitor|preview|rss|feed|reader|curl|wget|python|java/|ruby|perl|go-http|"
    r"facebookexternalhit|scan|check|^-?$",
    re.IGNORECASE,
)
_NO_PAGE = re.compile(
    r"\.(?:css|js|map|png|jpe?g|gif|svg|ico|webp|woff2?|ttf|eot|mp[34]|xml|rss|atom|json|txt)$", re.IGNORECASE
)
_SEEN = (200, 206, 304)
_LONGEST, _ADDRESS = 64 * 1024, 2_000
_REMEMBERED = 10_000


@frozen(kw_only=True)
class Request:
    """A line of a log: a page that was asked for. Its host is not kept: it is a person's address.

    `is_page` says that it is a page that was shown, no picture and no error. `key` is the same each time the file is
    read, and another for a second request that looks the same.
    """

    line: int
    at: datetime
    method: str
    path: str
    referrer: str
    utm: dict[str, str]
    machine: bool
    is_page: bool
    key: str


def requests(path: Path) -> Iterator[Request | Rejection]:
    """Yield the requests of a log, in constant memory; a line that is none becomes a rejection with its reason."""
    times: OrderedDict[str, int] = OrderedDict()
    with path.open("rb") as lines:
        number = 0
        while raw := lines.readline(_LONGEST):
            number += 1
            text = raw.decode("utf-8", "replace").rstrip("\r\n")
            if not text.strip():
                continue
            nth = times[text] = times.pop(text, 0) + 1
            if len(times) > _REMEMBERED:
                times.popitem(last=False)
            yield read(text, number, nth)


def read(text: str, line: int, nth: int = 1) -> Request | Rejection:
    """Return the request that a line tells of, or why it tells of none."""
    found = _LINE.fullmatch(text)
    if found is None:
        return Rejection(line=line, reason=_("is no line of a log in combined format"), raw=text)
    try:
        at = datetime.strptime(found["time"], "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return Rejection(line=line, reason=_("“{time}” is no time").format(time=found["time"]), raw=text)
    asked = _REQUEST.fullmatch(found["request"])
    if asked is None:
        return Rejection(line=line, reason=_("“{text}” is no request").format(text=found["request"]), raw=text)
    try:
        target = urlsplit(asked["target"])
        utm = tags_of(target.query)
    except ValueError as error:
        return Rejection(line=line, reason=_("the address cannot be read: {why}").format(why=error), raw=text)
    shown = asked["method"] == "GET" and int(found["status"]) in _SEEN
    referrer = found["referrer"] or ""
    return Request(
        line=line,
        at=at,
        method=asked["method"],
        path=clean(target.path, _ADDRESS) or "/",
        referrer="" if referrer == "-" else clean(referrer, _ADDRESS),
        utm=utm,
        machine=is_machine(found["agent"] or ""),
        is_page=shown and not _NO_PAGE.search(target.path),
        key=sha256(f"{text}\x1f{nth}".encode()).hexdigest()[:32],
    )


def is_machine(agent: str) -> bool:
    """Return whether a user agent calls itself a robot, a reader of feeds or a scanner, or nothing at all."""
    return bool(_MACHINES.search(agent))
