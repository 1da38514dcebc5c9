"""What a workspace says about data entry: how many fields a stage may ask for, and how long typing one takes."""

from collections.abc import Iterable, Mapping

from crmcore.engine.transaction import Transaction
from crmcore.hooks.kinds import impl
from crmcore.hooks.settings import Setting
from crmcore.i18n import _
from crmcore.model import budget
from crmcore.settings.changing import change

SECONDS = "entry.seconds"
"""The setting that says how many seconds it takes to type a field, where it was not measured."""

DEFAULT_SECONDS = 12.0
"""A guess that a workspace replaces by its own: to find the field, think, and type a few words or digits."""


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare both."""
    yield Setting(
        name=budget.SETTING, kind="number", whole=True, minimum=0, maximum=1000, default=budget.ALLOWED,
        title=_("How many manual fields a stage may ask for"),
    )  # fmt: skip
    yield Setting(
        name=SECONDS, kind="number", minimum=0, maximum=3600, default=DEFAULT_SECONDS,
        title=_("Seconds it takes to type a field, where it was not measured"),
    )  # fmt: skip


def seconds_per_field(known: Mapping[str, object]) -> float:
    """Return how long typing a field takes, as a workspace's settings say."""
    said = known.get(SECONDS)
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) else DEFAULT_SECONDS


def set_budget(tx: Transaction, *, fields: int | None = None, seconds: float | None = None) -> None:
    """Set how many manual fields a stage may ask for, and how long typing one takes.

    Raises `Denied` for anybody but an administrator.
    """
    for name, value in ((budget.SETTING, fields), (SECONDS, seconds)):
        if value is not None:
            change(tx, name, value)
