"""`crm term`: the words of this workspace's common language, and what people mean by others."""

import click

from crmcore.cli.output import as_json, print_json, print_table
from crmcore.errors import NotFound
from crmcore.i18n import _


@click.group()
def term() -> None:
    """List the terms of the common language; find what a word means."""


@term.command("list")
@as_json
def list_(json_: bool) -> None:
    """List all terms with their label and synonyms."""
    from crmcore.cli.session import session

    with session() as s, s.read() as reader:
        found = reader.definitions.terms
    if json_:
        print_json(found)
        return
    print_table(
        [_("code"), _("label"), _("synonyms")], [(one.code, one.label, ", ".join(one.synonyms)) for one in found]
    )


@term.command()
@click.argument("text")
@as_json
def find(text: str, json_: bool) -> None:
    """Find the term that people mean by TEXT: its code, its label or a synonym, in any language."""
    from crmcore.cli.session import session
    from crmcore.fields.values import meant_by

    with session() as s, s.read() as reader:
        found = meant_by(reader.definitions, text)
    if found is None:
        raise NotFound(_("No term of this workspace means “{text}”; `crm term list` shows them.").format(text=text))
    if json_:
        print_json(found)
    else:
        click.echo(f"{found.code}  {found.label}".rstrip())
