"""Two reps quote one product to one customer at the same moment, from two processes: never two valid prices."""

import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from crmcore_sales.model.product import Price, Product
from sqlalchemy import text

from crmcore.api import Customer, User
from crmcore.testing.bulk import ids, insert

REP = Path(__file__).with_name("two_reps.py")
PRICES = {"wang": "100.00", "liu": "96.00"}
"""Four per cent below: within the limit of every rep, so that nothing but the other quote holds it."""
TWO_PRICES = """
SELECT a.customer_id FROM sales_quote a JOIN sales_quote_line x ON x.quote_id = a.id
  JOIN sales_quote b ON b.customer_id = a.customer_id AND b.id > a.id JOIN sales_quote_line y ON y.quote_id = b.id
 WHERE a.status = 'open' AND b.status = 'open' AND x.product_id = y.product_id AND x.unit_price <> y.unit_price
"""


def race(workspace, rounds):
    """Let both quote each of so many customers at once, by the command and past it in turn; return what came of it."""
    app = workspace.open("sales")
    mei = workspace.actor("manager", login="mei")
    product, *customers = ids(app, 1 + rounds)
    with app.transaction() as tx:
        for login in PRICES:
            tx.add(User(login=login, role="rep", manager_id=mei.user_id))
    insert(app, [Product(id=product, code="X", name="Pump")])
    insert(app, [Price(product_id=product, unit_price=Decimal(100), valid_from=date(2026, 1, 1))])
    insert(app, [Customer(id=key, name=f"客户 {key}") for key in customers])
    reps = [
        subprocess.Popen(
            [sys.executable, REP, workspace.url, login, str(product), price],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for login, price in PRICES.items()
    ]  # fmt: skip
    came = Counter()
    try:
        for rep in reps:
            assert rep.stdout.readline() == "ready\n"
        for place, key in enumerate(customers):
            for rep in reps:
                rep.stdin.write(f"{'raw' if place % 2 else 'send'} {key}\n")
                rep.stdin.flush()
            came[tuple(sorted(rep.stdout.readline().strip() for rep in reps))] += 1
    finally:
        for rep in reps:
            rep.communicate()
    with app.engine.connect() as connection:
        found = connection.execute(text(TWO_PRICES)).all()
        valid = connection.execute(
            text("SELECT customer_id, count(*) FROM sales_quote WHERE status = 'open' GROUP BY 1")
        )
        assert Counter(count for _customer, count in valid) == {1: rounds}, "every customer has one valid quote"
        told = connection.execute(text("SELECT customer_id, count(*) FROM task GROUP BY 1")).all()
    assert found == []
    assert Counter(count for _customer, count in told) == {3: came["held", "open"]}, "both reps and the manager"
    return came


def test_of_two_prices_at_the_same_moment_one_is_valid(crm_workspace):
    came = race(crm_workspace, 16)
    assert came == {("held", "open"): 8, ("open", "refused"): 8}


@pytest.mark.drill
def test_two_hundred_times(crm_workspace):
    came = race(crm_workspace, 200)
    assert came == {("held", "open"): 100, ("open", "refused"): 100}
    sys.stdout.write(f"{crm_workspace.url.split(':')[0]}: {dict(came)}, never two valid prices\n")
