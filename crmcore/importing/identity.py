"""What makes a record without an id of its own the same when it is read again: everything it says."""

import hashlib
import json

import attrs

from crmcore.engine.journal import plain
from crmcore.model.incoming import IncomingInteraction, IncomingRecord, IncomingTask


def key_of(record: IncomingInteraction | IncomingTask | IncomingRecord) -> str:
    """Return the id a record has elsewhere, or else a fingerprint of what it says, wherever in a file it stands."""
    if record.external_id:
        return record.external_id
    said = attrs.asdict(record, filter=lambda field, _value: field.name != "line")
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=plain)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
