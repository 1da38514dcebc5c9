"""The setting that names the workspace's own calendar."""

from collections.abc import Iterable

from crmcore.calendars.named import SETTING
from crmcore.hooks.kinds import impl
from crmcore.hooks.settings import Setting
from crmcore.i18n import _


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare it."""
    yield Setting(
        name=SETTING, title=_("Business calendar where none is named; without it Monday to Friday, 9 to 18 o'clock")
    )
