"""What a workspace sets about sending."""

from collections.abc import Callable, Iterator
from typing import Any

from crmcore.api import InvalidInput, Setting
from crmcore_marketing.i18n import _


def settings() -> Iterator[Setting]:
    """Yield the settings of sending."""
    yield Setting(
        name="smtp", check=_server,
        title=_("Server that takes our mail: smtp://user@host:587, or smtps://user@host; without, nothing is sent"),
    )  # fmt: skip
    yield Setting(name="smtp_password", secret=True, title=_("Password for the server that takes our mail"))
    yield Setting(name="sender", check=_person, title=_("Whom our mail is from, such as Li Lei <news@example.com>"))
    yield Setting(name="reply_to", check=_person, title=_("Where answers go; to the sender without"))
    yield Setting(
        name="bounces", check=_person,
        title=_("Mailbox that takes what comes back, also for NAME+anything; bounce@ the sender's domain without"),
    )  # fmt: skip
    yield Setting(
        name="url", kind="url", title=_("Address of `crm marketing web serve` for everybody, without / at its end")
    )
    yield Setting(
        name="rate", kind="number", whole=True, minimum=1,
        title=_("How many messages of mailings leave in a minute at most; as many as can without"),
    )  # fmt: skip
    yield Setting(
        name="cap", kind="number", whole=True, minimum=1, default=4,
        title=_("How often all of us together may reach a person in marketing.cap_days, before marketing keeps silent"),
    )  # fmt: skip
    yield Setting(
        name="cap_days", kind="number", whole=True, minimum=1, maximum=366, default=7,
        title=_("How many days marketing.cap counts"),
    )  # fmt: skip


def _server(value: str) -> str:
    from crmcore_marketing.sending.server import address

    return _problem(address, value)


def _person(value: str) -> str:
    from crmcore_marketing.sending.addressing import parsed

    return _problem(parsed, value)


def _problem(read: Callable[[str], Any], value: str) -> str:
    try:
        read(value)
    except InvalidInput as error:
        return str(error)
    return ""
