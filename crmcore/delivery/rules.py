"""The rules of delivery in a workspace: its settings `delivery`, `delivery.attempts` and `delivery.depth`."""

from collections.abc import Iterable
from datetime import timedelta

from attrs import frozen
from sqlalchemy import Connection, select

from crmcore.engine.tables import setting
from crmcore.errors import InvalidInput
from crmcore.hooks.kinds import impl
from crmcore.hooks.settings import Setting
from crmcore.i18n import _

BY_WORKER = "worker"
"""The value of the setting `delivery` that leaves all deliveries to `crm worker`."""
BY_COMMANDS = "commands"
"""The value where commands deliver what they led to, when no worker does."""

_FIRST, _FACTOR, _LONGEST = timedelta(seconds=5), 4, timedelta(hours=6)


@frozen(kw_only=True)
class Rules:
    """How often a delivery is tried before it is set aside; through how many deliveries effects may lead to effects."""

    attempts: int = 8
    depth: int = 8
    by_worker: bool = False

    def is_last(self, attempts: int) -> bool:
        """Return whether no further attempt follows."""
        return attempts >= self.attempts


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare what a workspace can say about delivery."""
    yield Setting(
        name="delivery", kind="choice", choices=(BY_COMMANDS, BY_WORKER), default=BY_COMMANDS,
        title=_("Who tells plugins what happened: commands where no worker runs, or only `crm worker`"),
    )  # fmt: skip
    for name, default, title in (
        ("delivery.attempts", Rules().attempts, _("How often a delivery is tried before it is set aside")),
        ("delivery.depth", Rules().depth, _("Through how many deliveries effects may lead to effects")),
    ):
        yield Setting(name=name, kind="number", whole=True, minimum=1, default=default, title=title)


def wait(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: 5 s, 20 s, 80 s, ... at most 6 hours."""
    return min(_FIRST * int(_FACTOR ** min(attempts - 1, 10)), _LONGEST)


def rules(connection: Connection) -> Rules:
    """Return the rules of a workspace; raises `InvalidInput` for a setting that is no number."""
    statement = select(setting.c.name, setting.c.value).where(setting.c.name.startswith("delivery"))
    said = {row.name: row.value for row in connection.execute(statement)}
    return Rules(
        attempts=_number(said, "delivery.attempts", Rules().attempts),
        depth=_number(said, "delivery.depth", Rules().depth),
        by_worker=said.get("delivery") == BY_WORKER,
    )


def _number(said: dict[str, object], name: str, otherwise: int) -> int:
    value = said.get(name, otherwise)
    if not isinstance(value, int) or value < 1:
        raise InvalidInput(
            _("The setting {name} is {value}; it must be a number from 1 on.").format(name=name, value=value)
        )
    return value
