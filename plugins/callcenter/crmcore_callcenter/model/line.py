"""Telephone systems that we listen to."""

from datetime import datetime

from attrs import field

from crmcore.api import entity, one_of, required

E164, INTERNATIONAL, NATIONAL = "e164", "international", "national"
DIAL_AS = (E164, INTERNATIONAL, NATIONAL)


@entity
class PhoneLine:
    """A telephone system: its manager interface (ami), event socket (esl), or one that posts what happens (post).

    `address` is HOST:PORT; `password` says where the password is (env:NAME, file:/PATH). `system` is the word under
    which its calls' ids are known. `dial` is how calls are placed there: the channel of the agent's telephone, with
    {extension} for its extension; numbers are dialled in `context`, written as `dial_as` says, those outside with
    `dial_prefix` before them. `own_numbers` are ours on it.
    """

    name: str = field(validator=required)
    code: str = ""
    kind: str = field(default="ami", validator=one_of("ami", "esl", "post"))
    address: str = ""
    login: str = ""
    password: str = ""
    system: str = ""
    dial: str = ""
    context: str = ""
    dial_as: str = field(default=E164, validator=one_of(*DIAL_AS))
    dial_prefix: str = ""
    own_numbers: list[str] = field(factory=list)
    active: bool = True
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
