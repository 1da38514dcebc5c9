"""What a workspace can set about the call centre."""

from collections.abc import Iterable

from crmcore.api import Setting, impl
from crmcore_callcenter.i18n import _


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare it."""
    yield Setting(
        name="wrap_seconds", kind="number", whole=True, minimum=0, maximum=3600, default=60,
        title=_("Seconds after a call in which an agent counts as summing it up, without a word of theirs"),
    )  # fmt: skip
