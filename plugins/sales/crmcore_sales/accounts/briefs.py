"""A brief of each account as a file to pass on: all that `crm brief` shows and the notes in full, as Markdown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from crmcore.api import App, Block, Brief, InvalidInput, Reader, brief, tables, whole
from crmcore_sales.accounts.handing import Share
from crmcore_sales.i18n import _

_NOTES = 500
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def write(
    app: App, reader: Reader, shares: Sequence[Share], leaving: str, folder: Path, now: datetime
) -> dict[int, str]:
    """Write one brief for each account into a new or empty folder; return the files' names by customer.

    `now` is aware, in the zone in which moments are shown. Raises `InvalidInput` for a folder with something in it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInput(_("{path} is there already, and not empty.").format(path=folder))
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[int, str] = {}
    for one in shares:
        found = brief(reader, app.dispatcher, "customer", one.customer_id, one.name, now)
        name = f"{one.customer_id} {_UNSAFE.sub(' ', one.name)[:80].strip()}.md"
        with whole(folder / name) as file:
            lines = [*_lines(one, found, leaving, now), *_notes(reader, one, leaving, now)]
            file.write("\n".join(lines).encode())
        files[one.customer_id] = name
    return files


def remove(folder: Path, files: Mapping[int, str]) -> None:
    """Take the briefs away again: what they were written for did not happen."""
    for name in files.values():
        (folder / name).unlink(missing_ok=True)


def _lines(one: Share, found: Brief, leaving: str, now: datetime) -> Iterator[str]:
    yield f"# {one.name}\n"
    told = _("Handed over from {leaving} to {successor} on {day}: {deals} deals, {promises} promises, {notes} notes.")
    yield told.format(
        leaving=leaving,
        successor=one.successor,
        day=now.date(),
        deals=one.deals,
        promises=one.promises,
        notes=one.notes,
    )
    for failure in found.failures:
        yield _("Plugin {plugin} failed; its part is missing: {why}").format(plugin=failure.plugin, why=failure.message)
    for _plugin, block in found.blocks:
        yield f"\n## {block.title}\n"
        yield from _table(block)


def _notes(reader: Reader, one: Share, leaving: str, now: datetime) -> Iterator[str]:
    """Yield what the one who leaves wrote about the account, the newest first; nothing that is private."""
    i, user = tables.interaction.c, tables.user_account.c
    rows = reader.rows(
        select(i.moment, i.subject, i.body)
        .join_from(tables.interaction, tables.user_account, user.id == i.user_id)
        .where(i.customer_id == one.customer_id, user.login == leaving, i.private.is_(False), i.body != "")
        .order_by(i.moment.desc(), i.id.desc())
        .limit(_NOTES)
    )
    if rows:
        yield "\n## " + _("What {login} wrote").format(login=leaving)
    for row in rows:
        yield f"\n### {row.moment.astimezone(now.tzinfo).date()} {row.subject}\n"
        yield row.body


def _table(block: Block) -> Iterator[str]:
    width = max((len(row) for row in (block.headings, *block.rows)), default=0)
    if not width:
        return
    headings = block.headings or ("",) * width
    yield _row(headings, width)
    yield "|" + " --- |" * width
    for row in block.rows:
        yield _row(row, width)


def _row(cells: Sequence[str], width: int) -> str:
    texts = [str(cell).replace("|", "\\|").replace("\n", " ") for cell in (*cells, *[""] * (width - len(cells)))]
    return "| " + " | ".join(texts) + " |"
