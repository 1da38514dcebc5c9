"""What somebody wishes to buy, asked by whoever talks with them: a deal that is offered."""

from sqlalchemy import select

from crmcore.api import Form, Kept, Question, impl, tables

QUESTIONS = (
    Question(name="product", label="Product", required=True),
    Question(name="pieces", label="Pieces", kind="number"),
    Question(name="price", label="Price", kind="money"),
    Question(name="until", label="Until", kind="date"),
    Question(name="firm", label="Firm", kind="yes_no"),
    Question(name="region", label="Region", kind="choice", choices=("north", "south")),
)


@impl
def crm_forms():
    return [Form(name="bargains.wish", title="Wish", questions=QUESTIONS, keep=keep, known=known)]


def keep(tx, answers):
    """Make a deal of each wish of who works somewhere."""
    from crmcore_bargains.plugin import Deal

    p = tables.position.c
    people = [one.contact_id for one in answers]
    firms = dict(map(tuple, tx.rows(select(p.contact_id, p.customer_id).where(p.contact_id.in_(people)))))
    kept = []
    for one in answers:
        if one.contact_id not in firms:
            kept.append(Kept(problem="works nowhere"))
            continue
        price, region = one.values.get("price"), one.values.get("region", "")
        values = {"product": one.values["product"], "price": price and price.value, "region": region}
        made = tx.add(Deal(customer_id=firms[one.contact_id], stage="offered", source=one.about, **values))
        kept.append(Kept(entity="bargains_deal", id=made.id, result="offered", sentence=f"offered: deal {made.id}"))
    return kept


def known(reader, contact_ids):
    """Tell the region of a firm's last deal."""
    from crmcore_bargains.plugin import deal

    p = tables.position.c
    last = select(p.contact_id, deal.c.region).join(deal, deal.c.customer_id == p.customer_id).order_by(deal.c.id)
    return {row.contact_id: {"region": row.region} for row in reader.rows(last.where(p.contact_id.in_(contact_ids)))}
