"""The server that takes a company's mail, whichever part of it writes (`crmcore.mail`)."""

from collections.abc import Iterable

from crmcore.hooks.kinds import impl
from crmcore.hooks.settings import Setting
from crmcore.i18n import _
from crmcore.settings.addresses import address_problem


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare where it is, and as whom we log in."""
    yield Setting(
        name="mail.smtp", title=_("Server that mail leaves by: smtp://HOST:PORT, smtps://HOST, ?starttls"), check=_smtp
    )
    yield Setting(name="mail.smtp_user", title=_("User name at that server"))
    yield Setting(name="mail.smtp_password", title=_("Password at that server"), secret=True)


def _smtp(value: str) -> str:
    return address_problem(value, ("smtp", "smtps"), _("write smtp://HOST:PORT or smtps://HOST:PORT"))
