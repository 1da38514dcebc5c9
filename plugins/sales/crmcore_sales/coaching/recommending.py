"""Which rep to trust with a deal: ranked by what they won of similar deals and how much they have on their hands.

The score is the share that a rep won of similar deals, drawn towards the team's share as if that were two deals more:
who has closed nothing similar stands where the team does, and one lucky deal makes nobody first. Who follows more than
`ROOM` open deals counts for less, in proportion (row S1-V22).
"""

from collections.abc import Sequence
from typing import Any

import attrs
from attrs import frozen
from sqlalchemy import case, func, or_, select

from crmcore.api import InvalidInput, NotFound, Reader, Transaction, tables
from crmcore_sales.i18n import _
from crmcore_sales.model.coaching import Recommendation
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.pipeline.similar import Likeness, similar
from crmcore_sales.tables import opportunity

ROOM = 30
"""How many open deals a rep follows without neglecting any."""

PRIOR = 2
"""As how many similar deals the team's share counts for each rep."""

_MOST = 1000


@frozen(kw_only=True)
class Candidate:
    """A rep for a deal: the `score` (0 to 1), and what it rests on: similar deals closed and won, open deals now."""

    rep: str
    user_id: int
    score: float
    won: int
    closed: int
    load: int

    @property
    def reason(self) -> str:
        """Why, in words."""
        return _("{won} of {closed} similar won, load {load}").format(won=self.won, closed=self.closed, load=self.load)


def candidates(reader: Reader, deal_id: int) -> tuple[Likeness, list[Candidate]]:
    """Return the active reps, the best first, and which deals they were compared by: seven statements for any number.

    Reps are those with the role, and whoever owns a deal. Raises `NotFound` for a deal that is absent or hidden.
    """
    c, user = opportunity.c, tables.user_account.c
    likeness, alike = similar(reader, deal_id)
    won = func.sum(case((c.status == "won", 1), else_=0))
    past = select(c.owner_id, func.count().label("closed"), won.label("won")).where(
        *alike, c.status.in_(("won", "lost")), c.closed_on >= likeness.since
    )
    history = {row.owner_id: row for row in reader.rows(past.group_by(c.owner_id).limit(_MOST))}
    now = select(c.owner_id, func.count().label("open")).where(c.status == "open", c.id != deal_id)
    load = {row.owner_id: row.open for row in reader.rows(now.group_by(c.owner_id).limit(_MOST))}
    owners = {*history, *load} - {None}
    users = reader.rows(
        select(user.id, user.login)
        .where(user.active.is_(True), or_(user.role == "rep", user.id.in_(owners)))
        .order_by(user.login)
        .limit(_MOST)
    )
    team = (sum(int(row.won) for row in history.values()) + 1) / (sum(row.closed for row in history.values()) + 2)
    found = []
    for row in users:
        past_of = history.get(row.id)
        closed, wins = (past_of.closed, int(past_of.won)) if past_of else (0, 0)
        found.append(
            Candidate(
                rep=row.login,
                user_id=row.id,
                score=score(wins, closed, load.get(row.id, 0), team),
                won=wins,
                closed=closed,
                load=load.get(row.id, 0),
            )
        )
    return likeness, sorted(found, key=lambda one: (-one.score, -one.closed, one.load, one.rep))


def score(won: int, closed: int, load: int, team: float) -> float:
    """Return the score of a rep who won so many of the similar deals closed, and follows so many open ones.

    `team` is the share that all reps together won.
    """
    return (won + PRIOR * team) / (closed + PRIOR) * min(1.0, ROOM / load if load else 1.0)


def choose(tx: Transaction, deal_id: int, ranked: Sequence[Candidate], login: str, reason: str = "") -> Recommendation:
    """Give the deal to a rep, and keep who was recommended and why it was somebody else.

    Raises `NotFound` for one who is no candidate, and `InvalidInput` when another than the first is chosen without a
    reason.
    """
    chosen = next((one for one in ranked if one.rep == login), None)
    if chosen is None:
        raise NotFound(_("{login} is no active rep.").format(login=login))
    first = ranked[0]
    if chosen is not first and not reason.strip():
        raise InvalidInput(
            _("{first} is recommended ({why}); say why it is {login}: --because TEXT.").format(
                first=first.rep, why=first.reason, login=login
            )
        )
    tx.get(Opportunity, deal_id).owner_id = chosen.user_id
    return tx.add(
        Recommendation(
            opportunity_id=deal_id,
            recommended_id=first.user_id,
            chosen_id=chosen.user_id,
            decided_id=tx.actor.user_id or None,
            decided_at=tx.now,
            candidates=[_told(one) for one in ranked],
            reason=reason.strip(),
        )
    )


def _told(one: Candidate) -> dict[str, Any]:
    return attrs.asdict(one) | {"score": round(one.score, 4)}
