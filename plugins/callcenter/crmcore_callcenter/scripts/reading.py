"""A file of answers: a row for each person, a column for each question by its name or label."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from crmcore.api import (
    InvalidInput,
    NotFound,
    Reader,
    Rejection,
    Source,
    TableRow,
    heading_key,
    owner_named,
    party_ids,
    table_rows,
    tables,
)
from crmcore_callcenter.i18n import _
from crmcore_callcenter.scripts.keeping import Said
from crmcore_callcenter.scripts.questions import Asked

WHO = ("contact", "name", "who", "联系人", "姓名")
AGENT = ("asked by", "agent", "坐席", "询问人")
WHEN = ("asked at", "at", "询问时间")


def answers_in(
    reader: Reader, path: Path, questions: Sequence[Asked], options: Mapping[str, str], user_id: int | None
) -> tuple[list[Said], list[Rejection]]:
    """Return the answers in a table, and the rows that say nobody we know; `user_id` asked where a row does not say.

    A column that answers no question is refused for the whole file, so that nothing is lost. Four statements, and one
    for each agent. Raises `InvalidInput`.
    """
    rows: list[TableRow] = []
    rejected: list[Rejection] = []
    for row in table_rows(Source(path=path, options=dict(options))):
        if isinstance(row, Rejection):
            rejected.append(row)
        else:
            rows.append(row)
    columns = {one.question.name: (one.question.name, one.question.label) for one in questions}
    for row in rows[:1]:
        _must_be_known(row, path, columns)
    meant = party_ids(reader, tables.contact, [row.text(*WHO) for row in rows])
    agents = _agents(reader, {row.text(*AGENT) for row in rows})
    found = []
    for row in rows:
        who, agent = row.text(*WHO), agents.get(row.text(*AGENT), user_id)
        reason = "" if who in meant.ids else meant.problems.get(who, "") or _("It does not say who was asked.")
        if reason or isinstance(agent, str):
            rejected.append(Rejection(line=row.line, reason=reason or str(agent), raw=who))
            continue
        texts = {name: row.text(*headings) for name, headings in columns.items()}
        found.append(
            Said(contact_id=meant.ids[who], texts=texts, user_id=agent, at=row.instant(*WHEN), line=row.line)
        )  # fmt: skip
    return found, rejected


def _must_be_known(row: TableRow, path: Path, columns: Mapping[str, Sequence[str]]) -> None:
    known = {heading_key(each) for some in (WHO, AGENT, WHEN, *columns.values()) for each in some}
    strange = [name for name in row.headings if name and heading_key(name) not in known]
    if strange:
        raise InvalidInput(
            _("{file}: the column “{column}” answers no question of this script; it asks for {names}.").format(
                file=path.name, column=strange[0], names=", ".join(columns)
            )
        )


def _agents(reader: Reader, logins: Iterable[str]) -> dict[str, int | str]:
    """Return the ids of users by login; for one that is no active user the sentence that says so."""
    found: dict[str, int | str] = {}
    for login in sorted(each for each in logins if each):
        try:
            found[login] = owner_named(reader, login)
        except (InvalidInput, NotFound) as error:
            found[login] = str(error)
    return found
