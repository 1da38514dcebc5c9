"""What is said of a call in one line: queue, who talked, how it ended."""

from crmcore_callcenter.calls.facts import Facts
from crmcore_callcenter.calls.whom import Sides, in_talking_order
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.call import Call


def subject_of(call: Call, facts: Facts, sides: Sides, queue: str) -> str:
    """Return such as `sales: sam → 203` or `sales: abandoned after 35 s`; empty where nothing is to be said yet."""
    talked = dict.fromkeys(
        sides.agents[place].name if place in sides.agents else leg.party.name or leg.party.number
        for place, leg in in_talking_order(facts.legs)
    )
    said = " → ".join(name for name in talked if name)
    if not facts.answered and facts.ended:
        said = _unanswered(call)
    return ": ".join(part for part in (queue or facts.queue, said) if part)


def _unanswered(call: Call) -> str:
    if call.abandoned:
        waited = call.seconds
        return _("abandoned after {seconds} s").format(seconds=waited) if waited is not None else _("abandoned")
    ended = {
        "busy": _("busy"), "rejected": _("rejected"), "failed": _("failed"),
        "cancelled": _("hung up before anybody answered"),
    }  # fmt: skip
    return ended.get(call.reason, _("not answered"))
