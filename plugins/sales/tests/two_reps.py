"""A rep who quotes whenever told to: `python two_reps.py URL LOGIN PRODUCT PRICE`, a way and a customer on each line.

The way `send` is what `crm sales quote add` and `send` do; `raw` writes an open quote as any program might.
"""

import sys
from datetime import date
from decimal import Decimal

from crmcore_sales.model.quote import Quote, QuoteLine
from crmcore_sales.quoting.lines import Typed
from crmcore_sales.quoting.making import make
from crmcore_sales.quoting.numbers import draw
from crmcore_sales.quoting.sending import send

from crmcore.api import Refused, open_workspace

url, login, product, price = sys.argv[1:]
app = open_workspace(url)
actor = app.actor(login)
lines = [Typed(product_id=int(product), unit_price=Decimal(price))]


def by_command(customer: int) -> str:
    with app.transaction(actor, cause="drill") as tx:
        made = make(tx, customer_id=customer, typed=lines)
    with app.transaction(actor, cause="drill") as tx:
        return send(tx, tx.get(Quote, made.id)).status


def past_the_command(customer: int) -> str:
    try:
        with app.transaction(actor, cause="drill") as tx:
            told = {"customer_id": customer, "owner_id": actor.user_id, "amount": Decimal(price), "sent_at": tx.now}
            made = tx.add(Quote(number=draw(tx, date(2026, 11, 24)), status="open", **told))
            tx.add(QuoteLine(quote_id=made.id, product_id=int(product), unit_price=Decimal(price)))
    except Refused:
        return "refused"
    return "open"


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


say("ready")
for line in sys.stdin:
    way, customer = line.split()
    say((by_command if way == "send" else past_the_command)(int(customer)))
