"""`crm sales letters`: write to the accounts that no person writes to."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore_sales.i18n import _


@click.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Write the planned letters there as .eml files, and note them as sent.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 10_000), default=1000, show_default=True, help="Letters at most.")
@as_json
def letters(out: Path | None, limit: int, json_: bool) -> None:
    """Plan a letter to each account of an automatic tier that is due; the worker does so every morning.

    Whoever may not be written to is left out, with the reason.
    """
    from crmcore.api import print_json, print_table, session, tell, whole
    from crmcore_sales.accounts.letters import plan_due, written

    with session() as s:
        with s.write() as tx:
            planned = plan_due(tx)
        sent = None
        if out is not None:
            with s.write() as tx:
                messages, sent = written(tx, limit)
                out.mkdir(parents=True, exist_ok=True)
                for number, message in enumerate(messages, 1):
                    with whole(out / f"{number:04} {message['Message-ID'].strip('<>').partition('@')[0]}.eml") as file:
                        file.write(bytes(message))
    skipped = [*planned.skipped, *(sent.skipped if sent else ())]
    if json_:
        print_json({"planned": planned.letters, "sent": sent.letters if sent else 0, "skipped": skipped})
        return
    tell(_("{n} letters are planned, {sent} are written.").format(n=planned.letters, sent=sent.letters if sent else 0))
    if skipped:
        print_table([_("not written to"), _("why")], [(one.customer, one.reason) for one in skipped])
