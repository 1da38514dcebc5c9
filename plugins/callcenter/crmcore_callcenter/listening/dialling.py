"""Click-to-call: asked of policy at that moment, written down, and then placed by the agent's telephone system."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from attrs import field, frozen
from sqlalchemy import select

from crmcore.api import Act, Decision, InvalidInput, Refused, Transaction, here, is_alive, point_problem
from crmcore_callcenter.agents.finding import SHORT, Agent, Ours
from crmcore_callcenter.calls.belonging import belongs
from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening.digits import dialled
from crmcore_callcenter.listening.ear import Spec
from crmcore_callcenter.listening.lines import POST
from crmcore_callcenter.listening.pace import Pace
from crmcore_callcenter.listening.placing import originate
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.outbound.numbers import best
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party
from crmcore_callcenter.recognising.numbers import whose
from crmcore_callcenter.tables import hearing, line

_DEFAULT_CONTEXT = "default"


@frozen(kw_only=True)
class Placed:
    """A call that is being placed: `line` names the telephone system that does it.

    Without one there is no call yet, and `link` (tel:, RFC 3966) is for the agent's own telephone. `warnings` is what
    policy has against it that does not block it.
    """

    call_id: int | None
    number: str
    contact_id: int | None
    line: str
    link: str
    warnings: tuple[str, ...]


@frozen(kw_only=True)
class _Way:
    """How an agent calls: by which telephone system, from which device, and how and where numbers are dialled."""

    spec: Spec
    device: str
    context: str
    dial_as: str
    prefix: str
    region: str
    agent: Agent
    heard: bool


@frozen(kw_only=True)
class _Asked:
    """What was decided, and what is to be done."""

    placed: Placed
    refused: tuple[str, ...] = ()
    way: _Way | None = None
    key: str = field(default="")


def place(
    write: Callable[[], Transaction],
    *,
    number: str = "",
    contact_id: int | None = None,
    purpose: str = "sales",
    user_id: int | None = None,
    pace: Pace | None = None,
) -> Placed:
    """Call a number, or a contact by their best one, in the name of a user: the agent's telephone rings first.

    Policy is asked at that moment, whatever was asked before. The call is written before the telephone system is told
    to place it, under the id that its channel will have: so what is heard of it joins it. `write` opens transactions,
    up to two.

    Raises `Refused` with the reasons; `InvalidInput` for what is no number, for a contact without one, and where the
    telephone system does not place the call, which is ended as failed then.
    """
    with write() as tx:
        asked = _ask(tx, number, contact_id, purpose, user_id or tx.actor.user_id)
    if asked.refused:
        raise Refused(list(asked.refused))
    way = asked.way
    if way is not None:
        digits = dialled(asked.placed.number, dial_as=way.dial_as, prefix=way.prefix, region=way.region)
        try:
            originate(
                way.spec, asked.key, channel=way.device, number=digits, context=way.context,
                caller=way.agent.extension, pace=pace or Pace(),
            )  # fmt: skip
        except InvalidInput:
            with write() as tx:
                take(tx, [Heard(events=(_event(way, asked.key, tx.now, "hangup", reason="failed"),))])
            raise
    return asked.placed


def _ask(tx: Transaction, number: str, contact_id: int | None, purpose: str, user_id: int) -> _Asked:
    ours = Ours(tx)
    normal, contact_id, those = _who(tx, ours, number, contact_id)
    decisions = tx.permit_all(
        [Act(kind="contact", channel="call", purpose=purpose, at=tx.now, contact_id=one) for one in those]
    )
    against = _reasons(decisions, blocking=True)
    warnings = _reasons(decisions, blocking=False)
    way = _way(tx, ours, user_id)
    link = f"tel:{normal}" if way is None else ""
    if against:
        none = Placed(call_id=None, number=normal, contact_id=contact_id, line="", link="", warnings=warnings)
        return _Asked(placed=none, refused=against)
    if way is None:
        return _Asked(
            placed=Placed(call_id=None, number=normal, contact_id=contact_id, line="", link=link, warnings=warnings)
        )
    if not way.heard:
        unheard = _("Nobody listens to {line}: how the call ends will not be known.").format(line=way.spec.name)
        warnings = (*warnings, unheard)
    key = f"crm-{int(tx.now.timestamp())}.{uuid4().int % 10**12}" if way.spec.kind == "ami" else str(uuid4())
    call_id = _written(tx, way, key, normal, contact_id)
    done = Placed(call_id=call_id, number=normal, contact_id=contact_id, line=way.spec.name, link="", warnings=warnings)
    return _Asked(placed=done, way=way, key=key)


def _who(tx: Transaction, ours: Ours, number: str, contact_id: int | None) -> tuple[str, int | None, tuple[int, ...]]:
    """Return the number to call in E.164, the contact it is of if that is certain, and all whom policy is asked about.

    A number within the house, or as short as one (110), is dialled as it is; of one that several have, all are asked.
    """
    if not number:
        if contact_id is None:
            raise InvalidInput(_("Whom to call is not said."))
        found = best(tx, [contact_id]).get(contact_id)
        if found is None:
            raise InvalidInput(_("They have no number that is good; say which one to call."))
        return found.normal, contact_id, (contact_id,)
    normal = ours.normal(number)
    short = "".join(each for each in number if each.isascii() and (each.isdigit() or each in "*#"))
    if contact_id is None and ours.is_ours(short) and (not normal or len(short) < SHORT):
        return short, None, ()
    if not normal:
        raise InvalidInput(
            point_problem("phone", number) or _("“{number}” is no telephone number.").format(number=number)
        )
    if contact_id is not None:
        return normal, contact_id, (contact_id,)
    matches = whose(tx, [normal])[normal]
    certain = next((one.contact_id for one in matches if one.certain), None)
    return normal, certain, tuple(dict.fromkeys(one.contact_id for one in matches if one.contact_id is not None))


def _reasons(decisions: tuple[Decision, ...], *, blocking: bool) -> tuple[str, ...]:
    found = (each.reason for one in decisions for _plugin, each in one.objections if each.blocks == blocking)
    return tuple(dict.fromkeys(found))


def _way(tx: Transaction, ours: Ours, user_id: int) -> _Way | None:
    """Return how the user calls: by their own line as an agent, or the only one there is; None for no way."""
    me = next((one for one in ours.agents.values() if one.user_id == user_id and one.active and one.extension), None)
    if me is None:
        return None
    c, h = line.c, hearing.c
    names = ("id", "name", "kind", "address", "login", "password", "system")
    rows = tx.rows(
        select(*(c[name] for name in (*names, "dial", "context", "dial_as", "dial_prefix")), h.holder, h.at)
        .outerjoin(hearing, h.line_id == c.id)
        .where(c.active.is_(True), c.kind != POST, c.dial != "")
        .limit(100)
    )
    mine = [row for row in rows if row.system == me.system] or ([] if me.system or len(rows) > 1 else rows)
    if not mine:
        return None
    row = mine[0]
    return _Way(
        spec=Spec(**{name: row._mapping[name] for name in names}), agent=me,
        device=row.dial.replace("{extension}", me.extension), context=row.context or _DEFAULT_CONTEXT,
        dial_as=row.dial_as, prefix=row.dial_prefix, region=here(tx).region,
        heard=bool(row.holder) and is_alive(row.holder, row.at),
    )  # fmt: skip


def _written(tx: Transaction, way: _Way, key: str, number: str, contact_id: int | None) -> int:
    begin = _event(way, key, tx.now, "begin", dialled=number, direction="out")
    made = take(tx, [Heard(events=(begin,))]).created
    if not made:  # their telephone was heard to dial the same at this very moment
        raise Refused([_("{agent} is calling {number} already.").format(agent=way.agent.name, number=number)])
    (call_id,) = made
    if contact_id is not None:
        belongs(tx, tx.get(Call, call_id), contact_id)
    return call_id


def _event(
    way: _Way, key: str, at: datetime, kind: str, *, dialled: str = "", direction: str = "", reason: str = ""
) -> CallEvent:
    caller = Party(number=way.agent.extension, name=way.agent.name, device=way.device)
    return CallEvent(
        system=way.spec.system, source=POST, call=key, kind=kind, key=f"{kind} {key}", at=at.astimezone(UTC),
        caller=caller, dialled=dialled, direction=direction, reason=reason,
    )  # fmt: skip
