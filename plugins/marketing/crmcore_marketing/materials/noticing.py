"""Materials noticed in what passed: a file in a mail, or a word such as “brochure B” in a note, whoever sent it."""

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select

from crmcore.api import Event, NotifyTransaction, tables
from crmcore_marketing.materials.giving import PURPOSE, Given, handed
from crmcore_marketing.tables import handout, material

HEARS = ("interaction.created",)
_WORDS = "brochure|catalogue|catalog|leaflet|flyer|white ?paper|sample|资料|样本|样品|彩页|手册|目录|白皮书"
_TELLS = re.compile(_WORDS, re.IGNORECASE)
_MOST = 500
_SHORT = 4
"""A name this long or shorter is too common to be noticed by itself."""


def noticed(event: Event, tx: NotifyTransaction) -> None:
    """Note the materials that an interaction of ours brought to its contact: one statement where none is told of.

    What a mailing of ours sent is noted with its message, not here.
    """
    if event.type not in HEARS or event.cause.startswith(f"plugin {PURPOSE}"):
        return
    i = tables.interaction.c
    talk = tx.first(
        select(i.contact_id, i.customer_id, i.user_id, i.moment, i.channel, i.subject, i.body, i.details).where(
            i.id == event.subject_id, i.direction == "out", i.contact_id.is_not(None)
        )
    )
    files = {str(one.get("name") or "").lower() for one in (talk.details.get("attachments") or ())} if talk else set()
    said = f"{talk.subject}\n{talk.body}" if talk else ""
    if talk is None or not (files or _TELLS.search(said)):
        return
    m = material.c
    known = tx.rows(select(m.id, m.code, m.name, m.file).where(m.active.is_(True)).order_by(m.id).limit(_MOST))
    found = _named(said, files, known)
    if not found:
        return
    before = tx.rows(select(handout.c.material_id).where(handout.c.interaction_id == event.subject_id))
    handed(
        tx,
        [
            Given(
                material_id=key, contact_id=talk.contact_id, customer_id=talk.customer_id, at=talk.moment,
                user_id=talk.user_id, channel=talk.channel, interaction_id=event.subject_id,
            )
            for key in found
            if key not in {row.material_id for row in before}
        ],
    )  # fmt: skip


def _named(said: str, files: Collection[str], known: Sequence[Any]) -> list[int]:
    """Return the ids of the materials that a text, or the names of the files with it, tell of."""
    found = []
    for one in known:
        code, name = re.escape(one.code), one.name.strip()
        near = rf"(?:{_WORDS})\s*[“\"'(（《]?\s*{code}(?![A-Za-z0-9])|(?<![A-Za-z0-9]){code}\s*(?:{_WORDS})"
        file = PurePosixPath(one.file.lower()).name
        if (
            (file and file in files)
            or re.search(near, said, re.IGNORECASE)
            or (len(name) > _SHORT and name.lower() in said.lower())
        ):
            found.append(one.id)
    return found
