"""What a workspace can set about marketing."""

import re
from collections.abc import Iterable
from email.utils import parseaddr

from crmcore.api import Setting, impl
from crmcore_marketing.i18n import _

_DOMAIN = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare it."""
    yield Setting(name="from", title=_("Whom mail comes from: Huaxin News <news@example.com>"), check=_sender)
    yield Setting(name="reply_to", kind="email", title=_("Address that answers go to"))
    yield Setting(name="bounce", kind="email", title=_("Address that undeliverable mail comes back to"))
    yield Setting(
        name="domain", title=_("Domain in the identifiers of our messages; that of the sender without"), check=_domain
    )
    yield Setting(
        name="mailbox",
        title=_("Mailbox of answers: imaps://USER@HOST/FOLDER, maildir:/PATH or mbox:/PATH"),
        check=_mailbox,
    )
    yield Setting(name="mailbox_password", title=_("Password of that mailbox"), secret=True)
    for name, default, least, title in (
        ("rate", 600, 1, _("Messages that leave in a minute at most")),
        ("cap", 4, 1, _("Messages of marketing that a person gets at most, from all departments together, …")),
        ("cap_days", 7, 1, _("… in so many days")),
        ("material_days", 60, 0, _("Days in which nobody gets the same material again")),
        ("need_days", 92, 1, _("Days within which a need is one for now")),
        ("again_days", 90, 1, _("Days after which is asked again where no day follows from the answers")),
        ("window_days", 365, 1, _("Days before a lead or deal whose touches count for it")),
    ):
        yield Setting(name=name, kind="number", whole=True, minimum=least, default=default, title=title)


def _sender(value: str) -> str:
    local, _at, domain = parseaddr(value)[1].rpartition("@")
    if local and _DOMAIN.fullmatch(domain) and not any(each in value for each in "\r\n"):
        return ""
    return _("“{value}” is no sender; write NAME <ADDRESS>, or an address.").format(value=value)


def _mailbox(value: str) -> str:
    from crmcore.mail import mailbox_problem

    return mailbox_problem(value)


def _domain(value: str) -> str:
    return "" if _DOMAIN.fullmatch(value) else _("“{value}” is no domain name.").format(value=value)
