"""What a workspace can set about the web."""

from collections.abc import Iterable

from crmcore.hooks.kinds import impl
from crmcore.hooks.settings import Setting
from crmcore.i18n import _
from crmcore.settings.addresses import address_problem


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare it."""
    yield Setting(name="web.url", title=_("Address under which the web reaches `crm web serve`"), check=_address)
    yield Setting(name="web.key", title=_("Key that links are signed with; `crm web key FILE` makes one"), secret=True)


def _address(value: str) -> str:
    return address_problem(value, ("https", "http"), _("write https://HOST"))
