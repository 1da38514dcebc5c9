"""The plays of a workspace: what reps can do about a deal that does not move, and how interactions tell of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from crmcore.api import InvalidInput, PluginReader, Reader, Transaction, tables
from crmcore_sales.i18n import _
from crmcore_sales.model.play import Play
from crmcore_sales.tables import buying_role, play

MOST = 50
"""How many plays a workspace has; each costs a statement when advice is asked for."""


def starters() -> tuple[Play, ...]:
    """Return the plays of a workspace that has none of its own yet."""
    return (
        Play(name=_("Visit them"), channel="visit", text=_("Go there, and see what holds it up.")),
        Play(name=_("Talk with who decides"), role="boss", text=_("Ask what would have to be so that it is yes.")),
        Play(name=_("Talk with who pays"), role="budget", text=_("Bring the figure by which they gain.")),
        Play(name=_("Show a reference"), words="reference, case study, 参考, 案例", text=_("One of their trade.")),
        Play(name=_("Let them try"), words="demo, trial, sample, 演示, 试用, 样品", text=_("On their own material.")),
    )


def plays(reader: Reader | PluginReader, *, all_: bool = False) -> Sequence[Play]:
    """Return the plays in use, or all, in the order in which they were added; a new workspace has `starters`."""
    rows = reader.rows(select(play).order_by(play.c.id).limit(MOST))
    own = [Play(**row._mapping) for row in rows]
    return [one for one in own or starters() if all_ or one.active]


def add(tx: Transaction, name: str, given: Mapping[str, Any]) -> Play:
    """Add a play; raises `InvalidInput` for one that says nothing of how it is known, or one too many."""
    added = Play(name=name.strip(), **given)
    _must_be_known(added)
    if tx.value(select(func.count()).select_from(play)) >= MOST:
        raise InvalidInput(_("There are {n} plays already; remove one.").format(n=MOST))
    return tx.add(added)


def edit(tx: Transaction, play_id: int, wanted: Mapping[str, Any]) -> Play:
    """Change what is wanted of a play."""
    found = tx.get(Play, play_id)
    for name, value in wanted.items():
        setattr(found, name, value)
    _must_be_known(found)
    return found


def _must_be_known(one: Play) -> None:
    if not (one.channel or one.words.strip() or one.role):
        raise InvalidInput(_("Say how the play is known: --channel, --words or --role."))


def is_play(one: Play) -> ColumnElement[bool]:
    """Return the condition that an interaction is this play."""
    c = tables.interaction.c
    found: list[ColumnElement[bool]] = []
    if one.channel:
        found.append(c.channel == one.channel)
    words = [word.strip() for word in one.words.replace("，", ",").split(",") if word.strip()]
    if words:
        texts = (c.subject, c.body)
        found.append(or_(*(text.icontains(word, autoescape=True) for word in words for text in texts)))
    if one.role:
        found.append(c.contact_id.in_(select(buying_role.c.contact_id).where(buying_role.c.role == one.role)))
    return and_(*found)
