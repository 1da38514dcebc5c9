"""Strategic selling: everybody who decides has a role, and wants a result for the company and a win of their own.

After R. Miller and S. Heiman, “Strategic Selling” (1985): four buying influences (economic, user, technical, coach),
how each of them stands to the deal, and red flags for what is not known. It works on the evidence that sales keeps.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from crmcore_sales.methods.spec import Deal, Finding, Method, Question

from crmcore.api import Plugin, impl
from crmcore.command import messages

PLUGIN = Plugin(name="method_strategic", title="Strategic selling: buying roles, win-results", requires=("sales",))

_ = messages("crmcore_method_strategic", Path(__file__).parent)
_NAME = "strategic"
_ECONOMIC = ("budget", "boss")
_INFLUENCES = {"no_economic": _ECONOMIC, "no_user": ("user",), "no_technical": ("technical",), "no_coach": ("coach",)}


@impl
def sales_method() -> Iterator[Method]:
    """Declare the method."""
    yield Method(
        name=_NAME,
        title=_("Strategic selling"),
        questions=(
            Question(key="economic", text=_("Who gives the final word and the money?"), roles=_ECONOMIC),
            Question(key="user", text=_("Who will live with it every day?"), roles=("user",)),
            Question(key="technical", text=_("Who can say no on technical grounds?"), roles=("technical",)),
            Question(key="coach", text=_("Who wants us to win, and tells us how?"), roles=("coach",)),
            Question(key="result", text=_("What does the company get out of it?"), kinds=("result", "metric")),
            Question(key="win", text=_("What does each of them win by it?"), kinds=("win",)),
            Question(key="competition", text=_("What else could they do?"), kinds=("competitor",)),
        ),
        flags={
            "no_economic": _("Nobody with the final word is known"),
            "no_user": _("Nobody who will use it is known"),
            "no_technical": _("Nobody who judges it technically is known"),
            "no_coach": _("No coach: nobody inside helps us"),
            "against": _("Is against us, and nobody above answers for us"),
            "no_win": _("We do not know what this person wins by it"),
            "unknown": _("We do not know how this person stands to it"),
        },
    )


@impl
def sales_findings(deals: Mapping[str, tuple[Deal, ...]]) -> Iterator[Finding]:
    """Find the red flags."""
    for deal in deals.get(_NAME, ()):
        yield from _of_influences(deal)
        yield from _of_people(deal)


def _of_influences(deal: Deal) -> Iterator[Finding]:
    """Yield a flag for each of the four influences that nobody has."""
    for flag, roles in _INFLUENCES.items():
        if not deal.holding(*roles):
            yield Finding(deal_id=deal.id, method=_NAME, flag=flag)


def _of_people(deal: Deal) -> Iterator[Finding]:
    """Yield flags of the people who decide: an opponent, a win that is not known, a stand that is not known."""
    winners = {one.contact_id for one in deal.of("win")}
    backed = any(one.support == "for" for one in deal.holding(*_ECONOMIC))
    for contact_id, name in {one.contact_id: one.name for one in deal.people if one.role != "coach"}.items():
        supports = {one.support for one in deal.people if one.contact_id == contact_id}
        problems = {
            "against": "against" in supports and not backed,
            "no_win": contact_id not in winners,
            "unknown": supports == {""},
        }
        for flag, is_so in problems.items():
            if is_so:
                yield Finding(deal_id=deal.id, method=_NAME, flag=flag, about=name, contact_id=contact_id)
