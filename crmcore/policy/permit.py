"""Asking before acting: every objection gathered, the decision journalled."""

from attrs import frozen

from crmcore.engine.journal import plain
from crmcore.engine.transaction import Transaction
from crmcore.hooks.policy import Act, Objection
from crmcore.model.entity import values


@frozen(kw_only=True)
class Decision:
    """Whether an act may happen: not when any objection blocks. `objections` pairs each with who raised it."""

    allowed: bool
    objections: tuple[tuple[str, Objection], ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the reasons, those that block first."""
        ordered = sorted(self.objections, key=lambda pair: not pair[1].blocks)
        return tuple(objection.reason for _plugin, objection in ordered)


def permit(tx: Transaction, act: Act) -> Decision:
    """Decide on an act and journal the decision; a plugin that fails to answer counts as an objection."""
    objections = tuple(
        tx.dispatcher.objections("crm_objections", failed=lambda why: Objection(reason=why), act=act, tx=tx)
    )
    decision = Decision(allowed=not any(o.blocks for _plugin, o in objections), objections=objections)
    told = {name: plain(value) for name, value in values(act).items() if value not in ("", None)}
    tx.record(
        "policy.allowed" if decision.allowed else "policy.refused",
        "contact" if act.contact_id else "customer",
        act.contact_id or act.customer_id or 0,
        {"act": told, "objections": [[plugin, objection.reason] for plugin, objection in objections]},
    )
    return decision
