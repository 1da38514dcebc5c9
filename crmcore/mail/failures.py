"""What servers say of mail they could not deliver: reports by RFC 3464, and the many that follow no standard."""

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from itertools import zip_longest
from logging import CRITICAL, getLogger

from crmcore.formats.mail.mime import leaves, text
from crmcore.mail.letter import Failure
from crmcore.model.incoming import IncomingInteraction
from crmcore.model.points import normalise

_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
"""RFC 3463 and 7505: no such mailbox, no such host, bad syntax, moved away, takes no mail, disabled, no route."""
_UNSURE = ("", "5.0.0", "5.1.0", "5.2.0", "5.3.0", "5.4.0", "5.5.0", "5.5.1", "5.5.2")
"""States that say no more than that it failed: the words decide."""
_NOBODY = re.compile(
    r"no.?such.?(?:user|address|mailbox|recipient|person|account|local|domain|host)|user\W{0,3}(?:is )?unknown|"
    r"(?:addressee|recipient) (?:is )?unknown|invalid final delivery|"
    r"unknown (?:user|local|recipient|address|account|or illegal|e-?mail|mailbox|host|domain)|"
    r"(?:user|mailbox|recipient|address|account|mail.?box|domain|e-?mail address)(?: name)?\W.{0,80}?"
    r"(?:not found|not exist|doesn.t exist|not known|not listed|no longer|unavailable|disabled|inactive|invalid|"
    r"unknown|not valid|is not a valid|does not have an? .{0,30}account)|"
    r"(?:invalid|bad|illegal|incorrect) (?:recipient|address|mailbox|user|e-?mail|destination)|"
    r"not (?:a valid|our customer|listed in|found in)|doesn.t have an? .{0,30}account|don.t have an? .{0,30}account|"
    r"(?:domain|host)(?: name)? (?:not found|unknown|does not exist)|(?:no|not a) mailbox here|address rejected|"
    r"not (?:a )?known (?:user|at this)|account.{0,30}(?:closed|deleted|terminated|suspended)|can.t find any host|"
    r"utilisateur (?:inconnu|non recens)|adresse inconnue|unbekannte[rn]? (?:empf|benutzer)|empfänger unbekannt|"
    r"(?:用户|收件人|邮箱|地址|帐号|账号|帐户|账户|域名).{0,12}(?:不存在|未找到|找不到|无效|错误|已注销|已停用|已禁用)|"
    r"(?:不存在|无效)的?.{0,6}(?:用户|收件人|邮箱|地址)|(?:无此|没有这个|查无).{0,4}(?:用户|收件人|邮箱|帐号|账号)|"
    r"邮件地址不存在|пользовател\w+ не (?:найден|существует)|宛先.{0,10}(?:不明|見つかりません)",
    re.IGNORECASE | re.DOTALL,
)
_PASSES = re.compile(
    r"quota|full|exceed|over.?limit|too (?:large|big|many)|spam|blocked|black.?list|block.?list|policy|content reject|"
    r"virus|banned|reputation|greylist|rate.?limit|temporar|try again|timed? ?out|hop count|loop|dmarc|\bspf\b|dkim|"
    r"relaying|relay denied|已满|空间不足|超出|过大|垃圾|拒收|病毒|频率|稍后",
    re.IGNORECASE,
)
_SHOWN = 300
_READ = 20_000  # characters of a report in which its words are sought

getLogger("flufl.bounce").setLevel(CRITICAL)  # what it makes of odd mail is no affair of the operator's


def reported(mail: IncomingInteraction) -> list[Failure]:
    """Return the recipients that a report by RFC 3464 tells of, those reached left out; its fields are in `extra`."""
    extra = mail.extra
    columns = [extra.get(name, "").split("\n") for name in ("Action", "Original-Recipient", "Final-Recipient")]
    columns += [extra.get(name, "").split("\n") for name in ("Status", "Diagnostic-Code")]
    if not extra.get("Action"):
        return []
    found = []
    for action, original, final, state, told in zip_longest(*columns, fillvalue=""):
        if not action.lower().startswith(("fail", "error", "delay")):
            continue
        status = next(iter(_STATUS.findall(state) or _STATUS.findall(told)), "")
        why = told.partition(";")[2].strip() if ";" in told else told or state
        # Words of the text count only where the report itself has none.
        words = f"{told} {state}" if told.strip() or len(state) > len(status) + 1 else _words(mail)
        found.append(
            Failure(
                address=_plain(original) or _plain(final),
                status=status,
                why=" ".join((why or state).split())[:_SHOWN],
                hard=is_hard(status, words),
                late=action.lower().startswith("delay"),
            )
        )
    return found


def recognised(tree: "Message[str, str]", mail: IncomingInteraction) -> list[Failure]:
    """Return the recipients that a report in no standard form tells of, as far as its words are known.

    Ask only for what a mail server sent: a person who quotes such a report is no server.
    """
    from flufl.bounce import all_failures

    try:
        late, lost = all_failures(tree)
    except (ValueError, LookupError, TypeError, AttributeError):  # an odd mail, to which it is not used
        late, lost = frozenset(), frozenset()
    words = _words(mail)
    status = next(iter(_STATUS.findall(words)), "")
    hard = is_hard(status, words)
    named = [(address, False) for address in sorted(lost)] + [(address, True) for address in sorted(late - lost)]
    named += [(one.encode(), False) for one in mail.extra.get("X-Failed-Recipients", "").split(",") if not named]
    return [
        Failure(
            address=normalise("email", address.decode("ascii", "replace")), status=status, why=gist(words),
            hard=hard and not waits, late=waits,
        )
        for address, waits in named
        if address.strip()
    ]  # fmt: skip


def guessed(tree: "Message[str, str]", mail: IncomingInteraction, *, late: bool) -> Failure:
    """Return what can be said of a failure whose recipient the report does not name in a known way."""
    words = _words(mail) or " ".join(_texts(tree))[:_READ]
    status = next(iter(_STATUS.findall(words)), "")
    return Failure(status=status, why=gist(words), hard=not late and is_hard(status, words), late=late)


def is_hard(status: str, words: str) -> bool:
    """Return whether an address is wrong for good, by the state (RFC 3463) or, where that is vague, by the words."""
    if status.startswith("4"):
        return False
    if status in _GONE:
        return True
    return status in _UNSURE and any(_NOBODY.search(one) and not _PASSES.search(one) for one in _sayings(words))


def _sayings(words: str) -> Iterator[str]:
    """Yield each line, and each with the one below it: servers break their lines anywhere."""
    lines = [line.strip() for line in words.splitlines()]
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        yield line
        if line and following:
            yield f"{line} {following}"


def gist(words: str) -> str:
    """Return the lines of a report in which a server gives its reason, on one line."""
    lines = [" ".join(line.split()) for line in words.splitlines() if not line.startswith("--")]
    telling = [line for line in lines if _NOBODY.search(line) or _STATUS.search(line) or _CODE.search(line)]
    return next(iter(telling or [line for line in lines if _PASSES.search(line)] or filter(None, lines)), "")[:_SHOWN]


def _words(mail: IncomingInteraction) -> str:
    """Return what the server wrote, without what it returned."""
    return mail.body[:_READ]


def _texts(tree: "Message[str, str]") -> Iterator[str]:
    for part in leaves(tree):
        if part.get_content_maintype() == "text":
            yield text(part)[0]


def _plain(value: str) -> str:
    """Return the address in a field such as `rfc822; <user@example.com>`, in its normal form."""
    return normalise("email", value.rpartition(";")[2].strip().strip("<>").strip())


def addresses(failures: Iterable[Failure]) -> list[str]:
    """Return the addresses that failures name."""
    return [one.address for one in failures if one.address]
