"""What records are called outside: their id in another system, else a name of ours that we know again.

A name of ours says the workspace and the id, `crm-k7w2m4xq-12`: a table that one workspace writes is not taken for
another's, and read back where it was written it means the same records.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from crmcore.engine.portions import portions
from crmcore.engine.reader import Reader
from crmcore.engine.tables import external_id

WORKSPACE = "workspace"
"""The setting that holds the workspace's own name, made when it was."""
_CRM = "crm-"


def outside_names(reader: Reader, scheme: str, ids: Collection[int | None], *kinds: str) -> Mapping[int | None, str]:
    """Return what records of these kinds are called in the system `scheme`, by id; one statement for up to 5,000.

    None, which stands for no record, is called nothing.
    """
    e, own = external_id.c, _prefix(reader)
    found = [key for key in set(ids) if key is not None]
    names: dict[int | None, str] = {key: f"{own}{key}" for key in found}
    for some in portions(found):
        rows = reader.rows(
            select(e.record_id, e.value).where(e.scheme == scheme, e.kind.in_(kinds), e.record_id.in_(some))
        )
        names.update((row.record_id, row.value) for row in rows)
    names[None] = ""
    return names


def own_ids(reader: Reader, texts: Collection[str]) -> Mapping[str, int]:
    """Return the ids that those of some texts mean which are names of this workspace's records."""
    ours = [text for text in texts if text.startswith(_CRM)]
    if not ours:  # as nearly always: nothing is asked
        return {}
    own = _prefix(reader)
    tails = {text: text[len(own) :] for text in ours if text.startswith(own)}
    return {text: int(tail) for text, tail in tails.items() if tail.isascii() and tail.isdigit() and len(tail) < 19}


def _prefix(reader: Reader) -> str:
    return f"{_CRM}{reader.settings().get(WORKSPACE, '')}-"
