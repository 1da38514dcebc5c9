"""The form as a table: a row for each person who was asked, in English or Chinese headings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from attrs import field, frozen
from sqlalchemy import select

from crmcore.api import (
    InvalidInput,
    NotFound,
    Reader,
    Rejection,
    Source,
    TableRow,
    owner_named,
    party_id,
    party_ids,
    table_rows,
    tables,
)
from crmcore_marketing.i18n import _
from crmcore_marketing.qualifying.judging import Answers
from crmcore_marketing.qualifying.keeping import Asked
from crmcore_marketing.tables import member

CONTACT = ("contact", "contact id", "member", "email", "e-mail", "name", "联系人", "客户", "邮箱", "电子邮件", "姓名")
NEED, PRODUCT = ("need", "需求", "需要"), ("product", "产品")
QUANTITY, NEED_BY = ("quantity", "qty", "数量"), ("need by", "needed by", "date", "when", "需求日期", "时间", "日期")
BUDGET, CURRENCY = ("budget", "预算"), ("currency", "币种")
AGAIN, NOTE = ("again on", "again", "call back", "recontact", "再联系", "回访日期"), ("note", "remark", "备注")
AGENT, WHEN = ("agent", "asked by", "坐席", "电话员", "负责人"), ("at", "asked at", "asked on", "询问时间")


@frozen(kw_only=True)
class Form:
    """What a row of the form says; `who` and `agent` as they are written."""

    who: str
    answers: Answers
    agent: str = ""
    at: datetime | None = None
    note: str = ""
    line: int = 0


@frozen(kw_only=True)
class Read:
    """The rows that can be kept, and those that cannot, with the reason."""

    asked: Sequence[Asked] = ()
    rejected: Sequence[Rejection] = field(default=())


def forms(file: Path, options: Mapping[str, str]) -> tuple[list[Form], list[Rejection]]:
    """Return the rows of a file, and those that cannot be read. Raises `InvalidInput` for a file that is no table."""
    found: list[Form] = []
    rejected: list[Rejection] = []
    for row in table_rows(Source(path=file, options=dict(options))):
        if isinstance(row, Rejection):
            rejected.append(row)
            continue
        try:
            found.append(form_in(row))
        except InvalidInput as error:
            rejected.append(Rejection(line=row.line, reason=str(error), raw=" | ".join(row.cells.values())))
    return found, rejected


def form_in(row: TableRow) -> Form:
    """Return what a row says; raises `InvalidInput` for a cell that is not what its heading says."""
    who, budget = row.text(*CONTACT), row.amount(*BUDGET)
    if not who:
        raise InvalidInput(_("it does not say who was asked"))
    quantity = row.number(*QUANTITY)
    for name, value in ((_("quantity"), quantity), (_("budget"), budget.value if budget else None)):
        if value is not None and value < Decimal(0):
            raise InvalidInput(_("{name} cannot be {value}").format(name=name, value=value))
    return Form(
        who=who,
        answers=Answers(
            need=row.text(*NEED),
            product=row.text(*PRODUCT),
            quantity=quantity,
            need_by=row.day(*NEED_BY),
            budget=budget.value if budget else None,
            currency=row.text(*CURRENCY).upper() or (budget.currency if budget else ""),
            again_on=row.day(*AGAIN),
        ),
        agent=row.text(*AGENT),
        at=row.instant(*WHEN),
        note=row.text(*NOTE),
        line=row.line,
    )


def resolved(reader: Reader, found: Sequence[Form], *, agent_id: int | None = None) -> Read:
    """Return the rows with the contacts and agents they mean; who is not known, or several, is rejected.

    `agent_id` is who asked where a row does not say. A number may be a member's. Five statements for up to 5,000 rows,
    and one for each agent.
    """
    members = _members(reader, [one.who for one in found])
    meant = party_ids(reader, tables.contact, [one.who for one in found if one.who not in members])
    ids = {**meant.ids, **members}
    agents = _agents(reader, {one.agent for one in found if one.agent})
    asked: list[Asked] = []
    rejected: list[Rejection] = []
    for one in found:
        agent = agents.get(one.agent, agent_id)
        reason = "" if one.who in ids else meant.problems.get(one.who, "")
        if reason or isinstance(agent, str):
            rejected.append(Rejection(line=one.line, reason=reason or str(agent), raw=one.who))
            continue
        asked.append(
            Asked(
                contact_id=ids[one.who], answers=one.answers, agent_id=agent, at=one.at, note=one.note, line=one.line
            )
        )  # fmt: skip
    return Read(asked=asked, rejected=rejected)


def _agents(reader: Reader, logins: Iterable[str]) -> dict[str, int | str]:
    """Return the ids of users by login; for one that is no active user the sentence that says so."""
    found: dict[str, int | str] = {}
    for login in sorted(logins):
        try:
            found[login] = owner_named(reader, login)
        except (InvalidInput, NotFound) as error:
            found[login] = str(error)
    return found


def _members(reader: Reader, texts: Iterable[str]) -> dict[str, int]:
    """Return the contacts of the members whose ids these are; ids are unique in a workspace."""
    wanted = {int(text): text for text in texts if text.isascii() and text.isdigit() and len(text) < 19}
    c = member.c
    rows = reader.rows(select(c.id, c.contact_id).where(c.id.in_(wanted), c.contact_id.is_not(None))) if wanted else ()
    return {wanted[row.id]: row.contact_id for row in rows}


def member_or_contact(reader: Reader, text: str) -> tuple[int, int | None]:
    """Return the contact that a member's id, or what a contact is called, means; and the campaign of the member.

    Raises as `party_id` does.
    """
    c = member.c
    if text.isascii() and text.isdigit() and len(text) < 19:
        row = reader.first(select(c.contact_id, c.campaign_id).where(c.id == int(text), c.contact_id.is_not(None)))
        if row is not None:
            return row.contact_id, row.campaign_id
    return party_id(reader, tables.contact, text), None
