"""MEDDIC: a deal is as good as what is known of six things, and who said it.

Metrics, economic buyer, decision criteria, decision process, identified pain, champion; as J. Napoli and D. Dunkel
taught it at PTC in the 1990s. It works on the evidence that sales keeps.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from crmcore_sales.methods.spec import Deal, Finding, Method, Question

from crmcore.api import Plugin, impl
from crmcore.command import messages

PLUGIN = Plugin(name="method_meddic", title="MEDDIC: six things to know of a deal", requires=("sales",))

_ = messages("crmcore_method_meddic", Path(__file__).parent)
_NAME = "meddic"
_ECONOMIC = ("budget", "boss")


def _questions() -> tuple[Question, ...]:
    return (
        Question(key="metrics", text=_("By which figure do they gain?"), kinds=("metric",)),
        Question(key="economic_buyer", text=_("Who can spend the money?"), roles=_ECONOMIC),
        Question(key="decision_criteria", text=_("By what do they choose?"), kinds=("criterion",)),
        Question(key="decision_process", text=_("How do they decide, step by step?"), kinds=("step",)),
        Question(key="pain", text=_("What hurts enough to act?"), kinds=("need",)),
        Question(key="champion", text=_("Who sells for us inside?"), roles=("coach",)),
    )


@impl
def sales_method() -> Iterator[Method]:
    """Declare the method."""
    yield Method(
        name=_NAME,
        title="MEDDIC",
        questions=_questions(),
        flags={
            "metrics": _("No figure says what they gain"),
            "economic_buyer": _("Nobody who can spend the money is known"),
            "decision_criteria": _("We do not know by what they choose"),
            "decision_process": _("We do not know how they decide"),
            "pain": _("No need is known that hurts"),
            "champion": _("No champion sells for us inside"),
            "second_hand": _("Nothing is known from the one who can spend the money"),
            "weak_champion": _("The champion is not for us yet"),
        },
    )


@impl
def sales_findings(deals: Mapping[str, tuple[Deal, ...]]) -> Iterator[Finding]:
    """Find what is missing, or stands on weak feet."""
    for deal in deals.get(_NAME, ()):
        for one in _questions():
            if not (deal.holding(*one.roles) or deal.of(*one.kinds)):
                yield Finding(deal_id=deal.id, method=_NAME, flag=one.key)
        said_by = {one.contact_id for one in deal.evidence}
        buyers = deal.holding(*_ECONOMIC)
        if buyers and not any(one.contact_id in said_by for one in buyers):
            yield Finding(
                deal_id=deal.id, method=_NAME, flag="second_hand", about=buyers[0].name, contact_id=buyers[0].contact_id
            )
        for champion in deal.holding("coach"):
            if champion.support != "for":
                yield Finding(
                    deal_id=deal.id,
                    method=_NAME,
                    flag="weak_champion",
                    about=champion.name,
                    contact_id=champion.contact_id,
                )
