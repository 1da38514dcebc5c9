"""What a workspace can set about sales."""

from collections.abc import Iterable

from crmcore.api import Setting, impl
from crmcore_sales.i18n import _


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare it."""
    yield Setting(
        name="quote_days", kind="number", whole=True, minimum=1, maximum=3660, default=30, kept_as="quote_days",
        title=_("How many days a quote is valid where nobody says"),
    )  # fmt: skip
    yield Setting(
        name="quote_prefix", default="Q", kept_as="quote_prefix", check=_prefix,
        title=_("How the numbers of quotes begin, as in Q-2026-0007"),
    )  # fmt: skip


def _prefix(value: str) -> str:
    if value.replace("_", "").replace("-", "").isalnum() and len(value) <= 12:
        return ""
    return _("“{value}” has other signs than letters, digits, - and _, or more than 12.").format(value=value)
