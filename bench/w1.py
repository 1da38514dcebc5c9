"""W1: one customer, two contacts and five interactions in one transaction.

Ours journals them, asks and tells the hooks, keeps the search index, and stores the contacts' positions. The floor
inserts the eight records, the contacts pointing at their customer.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from bench import data, floor
from bench.load import START
from bench.noop import listener, saver
from bench.place import LOGIN, Place, workspace
from bench.raw import Raw
from bench.result import Result
from bench.scale import Scale
from bench.timing import compared, in_turns
from crmcore.app import App
from crmcore.model.interaction import Interaction
from crmcore.model.party import Contact, Customer, Position

GOAL, PLUGINS_GOAL = 6.0, 1.5
_TEXT = "We talked about the delivery and the price. They want an offer by Friday."


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure W1, alone and with plugins that do nothing."""
    companies, people = list(data.companies(500)), list(data.people(1_000))
    url, bare_url = workspace(place), place.empty()
    raw = Raw(bare_url)
    floor.create(raw)
    app = App(url)
    works: dict[str, Callable[[], None]] = {
        "floor": by_hand(raw, companies, people),
        "ours": by_transaction(app, companies, people),
    }
    opened = [app]
    for number in scale.plugins:
        for kind, plugin in (("savers", saver), ("listeners", listener)):
            opened.append(App(url, plugins=[(f"noop{n}", plugin()) for n in range(number)]))
            works[f"{number} {kind}"] = by_transaction(opened[-1], companies, people)
    times = in_turns(works, rounds=scale.rounds, calls=scale.calls)
    yield compared("W1 customer, 2 contacts, 5 interactions", place.database, times["floor"], times["ours"], GOAL)
    for number in scale.plugins:
        yield compared(
            f"W1 with {number} no-op plugins", place.database, times["ours"], times[f"{number} savers"],
            PLUGINS_GOAL, "beside W1 without plugins",
        )  # fmt: skip
        yield compared(
            f"W1 with {number} no-op plugins that hear events", place.database, times["ours"],
            times[f"{number} listeners"], PLUGINS_GOAL, "beside W1 without plugins; they hear after the commit",
        )  # fmt: skip
    raw.close()
    for one in opened:
        one.close()
    place.drop(url)
    place.drop(bare_url)


def by_transaction(app: App, companies: list[str], people: list[str]) -> Callable[[], None]:
    """Return our side of W1."""
    actor, turn = app.actor(LOGIN), count()

    def work() -> None:
        n = next(turn)
        with app.transaction(actor, cause="bench") as tx:
            customer = tx.add(Customer(name=companies[n % len(companies)], owner_id=actor.user_id))
            both = [tx.add(Contact(name=people[(2 * n + k) % len(people)], owner_id=actor.user_id)) for k in (0, 1)]
            for contact in both:
                tx.add(Position(contact_id=contact.id, customer_id=customer.id))
            for k in range(5):
                tx.add(
                    Interaction(
                        channel="email", customer_id=customer.id, contact_id=both[k % 2].id, user_id=actor.user_id,
                        direction="in", at=START + timedelta(minutes=n * 5 + k), subject=f"About order {n}", body=_TEXT,
                    )
                )  # fmt: skip

    return work


def by_hand(raw: Raw, companies: list[str], people: list[str]) -> Callable[[], None]:
    """Return the floor's side of W1."""
    turn = count()
    customer_sql = raw.sql(
        "INSERT INTO floor_customer (name, kind, owner_id, created_at) VALUES (?, 'organisation', 1, ?) RETURNING id"
    )
    contact_sql = raw.sql(
        "INSERT INTO floor_contact (customer_id, name, search, owner_id, created_at) VALUES (?, ?, ?, 1, ?), "
        "(?, ?, ?, 1, ?) RETURNING id"
    )
    interaction_sql = raw.sql(
        "INSERT INTO floor_interaction (customer_id, contact_id, user_id, channel, direction, at, subject, body) "
        "VALUES (?, ?, 1, 'email', 'in', ?, ?, ?)"
    )

    def instant(minutes: int) -> Any:
        at = START + timedelta(minutes=minutes)
        return at if raw.dialect == "postgresql" else at.isoformat(" ")

    def work() -> None:
        n = next(turn)
        now = instant(n)
        a, b = people[2 * n % len(people)], people[(2 * n + 1) % len(people)]
        raw.execute(raw.begin)
        (customer,) = raw.execute(customer_sql, (companies[n % len(companies)], now)).fetchall()[0]
        values = (customer, a, a.casefold(), now, customer, b, b.casefold(), now)
        both = [key for (key,) in raw.execute(contact_sql, values).fetchall()]
        raw.many(
            interaction_sql,
            [(customer, both[k % 2], instant(n * 5 + k), f"About order {n}", _TEXT) for k in range(5)],
        )
        raw.execute("COMMIT")

    return work
