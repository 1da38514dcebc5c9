"""The core's settings that belong to no single feature: where the workspace is, and how long plugins may take."""

import re
from collections.abc import Iterable
from zoneinfo import available_timezones

from crmcore.hooks.kinds import impl
from crmcore.hooks.settings import Setting
from crmcore.i18n import _
from crmcore.plugins.limits import MEGABYTES, SECONDS

_REGION, _CURRENCY = re.compile("[A-Z]{2}"), re.compile("[A-Z]{3}")


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare them."""
    yield Setting(name="zone", title=_("Where “today” is, such as Asia/Shanghai; UTC without"), check=_zone)
    yield Setting(
        name="region", title=_("Country of telephone numbers without a country code, such as CN"), check=_region
    )
    yield Setting(
        name="currency", title=_("Currency to reckon in, such as CNY; that of the region without"), check=_currency
    )
    for kind, seconds in SECONDS.items():
        yield Setting(
            name=f"hook.seconds.{kind}", kind="number", default=seconds, minimum=0.001, maximum=86400,
            title=_("Seconds after which a plugin's {kind} is cut off").format(kind=kind),
        )  # fmt: skip
    yield Setting(
        name="hook.megabytes", kind="number", default=MEGABYTES, minimum=1,
        title=_("Megabytes of memory that a plugin may take in one call before that is told of"),
    )  # fmt: skip


def _zone(value: str) -> str:
    if value in available_timezones():
        return ""
    return _("“{value}” is no time zone; write one such as Asia/Shanghai.").format(value=value)


def _region(value: str) -> str:
    if _REGION.fullmatch(value):
        return ""
    return _("“{value}” is no country; write its two letters (ISO 3166), such as CN.").format(value=value)


def _currency(value: str) -> str:
    if _CURRENCY.fullmatch(value):
        return ""
    return _("“{value}” is no currency; write its three letters (ISO 4217), such as CNY.").format(value=value)
