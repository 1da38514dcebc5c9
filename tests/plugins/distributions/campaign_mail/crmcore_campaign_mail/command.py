"""Commands: send a campaign, and list what became of it."""

import click


@click.group("campaign")
def commands() -> None:
    """Mail to many."""


@commands.command()
@click.argument("name")
def send(name: str) -> None:
    """Mail everybody who may be mailed now; who may not is skipped, with the reason."""
    from sqlalchemy import select

    from crmcore.api import Act, print_json, session, tables
    from crmcore_campaign_mail.plugin import Mail

    c, p = tables.contact.c, tables.position.c
    people = select(c.id, c.name, p.customer_id).join_from(
        tables.contact, tables.position, (p.contact_id == c.id) & p.ended.is_(None), isouter=True
    )
    skipped, sent = [], 0
    with session() as s, s.write() as tx:
        found = {row.id: row for row in tx.rows(people.order_by(c.id).limit(10_000))}
        how = {"kind": "contact", "at": tx.now, "channel": "email", "purpose": "marketing"}
        acts = [Act(**how, contact_id=row.id, customer_id=row.customer_id) for row in found.values()]
        for act, decision in zip(acts, tx.permit_all(acts), strict=True):
            why = "; ".join(decision.reasons)
            tx.add(
                Mail(contact_id=act.contact_id, campaign=name, state="sent" if decision.allowed else "skipped", why=why)
            )
            sent += decision.allowed
            if not decision.allowed:
                by = [plugin for plugin, one in decision.objections if one.blocks]
                skipped.append({"name": found[act.contact_id].name, "by": by, "why": why, "until": decision.until})
    print_json({"sent": sent, "skipped": skipped})


@commands.command("list")
@click.argument("name")
def list_(name: str) -> None:
    from sqlalchemy import func, select

    from crmcore.api import print_json, session
    from crmcore_campaign_mail.plugin import mail

    counted = select(mail.c.state, func.count().label("n")).where(mail.c.campaign == name).group_by(mail.c.state)
    with session() as s, s.read() as reader:
        print_json({row.state: row.n for row in reader.rows(counted)})
