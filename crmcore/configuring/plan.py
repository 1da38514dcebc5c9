"""What an application of definitions would change: compared with what is in force, and checked as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from crmcore.configuring.check import check
from crmcore.configuring.effects import Effect, effects
from crmcore.configuring.known import known
from crmcore.definitions import store
from crmcore.definitions.bodies import definitions, in_order
from crmcore.definitions.reading import Body, Named, Reading, Said
from crmcore.engine.transaction import Transaction
from crmcore.engine.workspace import settings
from crmcore.errors import Refused
from crmcore.i18n import _
from crmcore.model.budget import allowed_by, excess
from crmcore.model.definitions import Definitions

_SHOWN_ALWAYS = frozenset({"type"})


@frozen(kw_only=True)
class Change:
    """A definition that is added, replaced or removed; `before` and `after` are its bodies, None where there is none.

    `keys` tells what changes in a replaced one: each key with its value before and after.
    """

    kind: str
    name: str
    action: str
    before: Body | None
    after: Body | None
    keys: Mapping[str, tuple[Any, Any]]


@frozen(kw_only=True)
class Plan:
    """What is to change, what that means for the data, and the definitions before and after."""

    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]
    before: Definitions
    after: Definitions


def from_files(tx: Transaction, reading: Reading, *, prune: bool = False) -> Plan:
    """Return the plan to apply what files say; `prune` removes what is in force and in no file.

    Raises `Refused` with everything that is wrong, in the files and with what they would do.
    """
    stored = store.bodies(tx.connection)
    said: dict[Named, Said] = {}
    for one in reading.said:
        said.setdefault((one.kind, one.name), one)
    wanted: dict[Named, Body | None] = {} if not prune else dict.fromkeys(stored)
    wanted |= {key: None if one.remove else one.body for key, one in said.items()}
    missing = [
        one.problem(_("there is nothing of that name to remove"))
        for key, one in said.items()
        if one.remove and key not in stored
    ]
    unsound = {key for key, one in said.items() if not one.sound}
    return plan(tx, wanted, said, [*reading.problems, *missing], unsound)


def plan(
    tx: Transaction,
    wanted: Mapping[Named, Body | None],
    said: Mapping[Named, Said],
    problems: Sequence[str] = (),
    unsound: frozenset[Named] | set[Named] = frozenset(),
) -> Plan:
    """Return the plan to have definitions as `wanted`, None for one that is to go; what is not named stays.

    `unsound` ones are wrong in themselves, which `problems` tell; the others are checked as if those were not there.
    Raises `Refused` with all problems.
    """
    stored = store.bodies(tx.connection)
    after = in_order((key, body) for key, body in {**stored, **wanted}.items() if body is not None)
    sound = {key: body for key, body in after.items() if key not in unsound}
    found = [*problems, *check(sound, said, known(tx), also=after.keys() - sound.keys())]
    if found:
        raise Refused(found)
    before, now = definitions(stored), definitions(after)
    over = excess(now, allowed_by(settings(tx.connection)))
    if over:
        raise Refused(over)
    changes = tuple(_changes(stored, after))
    return Plan(changes=changes, effects=tuple(effects(tx, before, now)) if changes else (), before=before, after=now)


def _changes(stored: Mapping[Named, Body], after: Mapping[Named, Body]) -> Sequence[Change]:
    found = []
    for key in in_order((key, {}) for key in {**stored, **after}):
        was, now = stored.get(key), after.get(key)
        if was == now:
            continue
        action = "added" if was is None else "removed" if now is None else "changed"
        names = dict.fromkeys([*(was or {}), *(now or {})])
        keys = {one: ((was or {}).get(one), (now or {}).get(one)) for one in names}
        found.append(
            Change(
                kind=key[0],
                name=key[1],
                action=action,
                before=was,
                after=now,
                keys={one: pair for one, pair in keys.items() if pair[0] != pair[1]},
            )
        )
    return found
