"""`crm callcenter dial`: click-to-call."""

import click

from crmcore.command import as_json
from crmcore_callcenter.i18n import _


@click.command()
@click.argument("whom", nargs=-1, required=True, metavar="CONTACT|NUMBER")
@click.option(
    "--purpose", type=click.Choice(("sales", "marketing", "service", "transactional")), default="sales",
    show_default=True, help="What the call is for; consents are for a purpose.",
)  # fmt: skip
@click.option(
    "--number", default="", metavar="NUMBER", help="Which number of the contact; default: a good one, mobile first."
)
@as_json
def dial(whom: tuple[str, ...], purpose: str, number: str, json_: bool) -> None:
    """Call a contact or a number: your telephone rings, and dials when you take it up.

    Whether they may be called is asked now. Who is no agent with a line gets a link for a telephone of their own.
    """
    from crmcore.api import NotFound, party_id, print_json, session, tables, tell
    from crmcore_callcenter.listening.dialling import place

    said = " ".join(whom)
    with session() as s:
        contact_id = None
        if not _is_number(said):
            try:
                with s.read() as reader:
                    contact_id = party_id(reader, tables.contact, said)
            except NotFound:
                if not said.isdigit():  # an extension
                    raise
        placed = place(
            s.write, number=number if contact_id is not None else said, contact_id=contact_id, purpose=purpose
        )
    if json_:
        print_json(placed)
        return
    for warning in placed.warnings:
        tell(f"⚠ {warning}")
    if placed.call_id is None:
        click.echo(placed.link)
    else:
        said = _("Call {id}: {line} rings you, and then dials {number}.")
        click.echo(said.format(id=placed.call_id, line=placed.line, number=placed.number))


def _is_number(text: str) -> bool:
    """Return whether a text is a telephone number rather than a contact's id or name: written with +, 0 or a sign."""
    digits = "".join(each for each in text if each.isdigit())
    written = all(each.isdigit() or each in "+-()/. *#" for each in text)
    return written and (not text.isdigit() or text.startswith("0") or len(digits) >= 10)
