"""Who is to be a member, or is one, by what people type or a table lists: set-wise, each problem with its line."""

from collections.abc import Sequence
from pathlib import Path

from attrs import field, frozen

from crmcore.api import InvalidInput, NotFound, Reader, Rejection, Source, Transaction, party_ids, table_rows, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Member
from crmcore_marketing.tables import member

_WHO = ("contact", "ContactId", "id", "email", "mail", "name", "联系人", "邮箱", "姓名")


@frozen(kw_only=True)
class Chosen:
    """Contacts, each once, and the rows of a file that name nobody, or several."""

    ids: tuple[int, ...] = ()
    rejections: tuple[Rejection, ...] = field(default=())


def people_of(reader: Reader, said: Sequence[str], file: Path | None, *, needed: bool = True) -> Chosen:
    """Return the contacts that were typed, or stand in a table, a row each; three statements.

    Raises `InvalidInput` or `NotFound` for what was typed and names nobody, and where nothing is said at all.
    """
    rejections: list[Rejection] = []
    rows: dict[str, int] = {}
    for row in table_rows(Source(path=file)) if file else ():
        if isinstance(row, Rejection):
            rejections.append(row)
        elif text := row.text(*_WHO):
            rows.setdefault(text, row.line)
        else:
            rejections.append(Rejection(line=row.line, reason=_("it names no contact")))
    if needed and not (said or file):
        raise InvalidInput(_("Say whom: contacts, --audience or --file."))
    meant = party_ids(reader, tables.contact, [*said, *rows])
    for text in said:
        if text in meant.problems:
            raise NotFound(meant.problems[text])
    rejections += [
        Rejection(line=line, reason=meant.problems[text], raw=text)
        for text, line in rows.items()
        if text in meant.problems
    ]
    ids = dict.fromkeys(meant.ids[text] for text in (*said, *rows) if text in meant.ids)
    return Chosen(ids=tuple(ids), rejections=tuple(sorted(rejections, key=lambda one: one.line)))


def members_named(tx: Transaction, campaign_id: int, contacts: Sequence[str]) -> list[Member]:
    """Return the members of a campaign that people mean; raises `NotFound` for who is none of its members."""
    ids = people_of(tx, contacts, None).ids
    found = tx.load(Member, member.c.campaign_id == campaign_id, member.c.contact_id.in_(ids))
    missing = set(ids) - {one.contact_id for one in found}
    if missing:
        raise NotFound(
            _("These are no members of the campaign: {ids}.").format(ids=", ".join(map(str, sorted(missing))))
        )
    return found
