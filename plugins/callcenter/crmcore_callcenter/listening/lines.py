"""The telephone systems that we listen to, or that post to us: added, changed and removed by an administrator."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from sqlalchemy import func, or_, select

from crmcore.api import Denied, InvalidInput, Transaction, here, must_be_elsewhere
from crmcore_callcenter.agents.naming import coded
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.line import E164, NATIONAL, PhoneLine
from crmcore_callcenter.tables import line

AMI, ESL, POST = "ami", "esl", "post"
KINDS = (AMI, ESL, POST)
PORTS = {AMI: 5038, ESL: 8021}
SYSTEMS = {AMI: "asterisk", ESL: "freeswitch"}
"""The words under which imports keep the calls of these systems, too: so that a call from both is one."""

_TLS = "tls://"
_KEYS = frozenset("0123456789*#")


@frozen(kw_only=True)
class Place:
    """Where a telephone system listens."""

    host: str
    port: int
    tls: bool = False

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{_TLS if self.tls else ''}{host}:{self.port}"


def place(text: str, kind: str) -> Place:
    """Return where an address, HOST[:PORT] or tls://HOST[:PORT], is; raises `InvalidInput` for one that is none."""
    rest = text.strip()
    tls = rest.startswith(_TLS)
    rest = rest.removeprefix(_TLS)
    host, colon, port = rest.rpartition(":")
    if not colon or rest.endswith("]"):
        host, port = rest, ""
    host = host.removeprefix("[").removesuffix("]")
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0 if port else PORTS[kind]
    if not host or any(each in host for each in "/@ \t\r\n") or not 0 < number < 65_536:
        raise InvalidInput(
            _(
                "“{value}” is no address; write HOST:PORT, as pbx.example.com:{port}, with tls:// before it for TLS."
            ).format(value=text, port=PORTS[kind])
        )
    return Place(host=host, port=number, tls=tls)


def add(tx: Transaction, values: Mapping[str, Any]) -> PhoneLine:
    """Add a line; raises `Denied` for who is no administrator, `InvalidInput` for what cannot be."""
    must_manage(tx)
    said = coded(values)
    kind = said.get("kind", AMI)
    said["system"] = said.get("system") or SYSTEMS.get(kind) or said["code"]
    record = PhoneLine(**said)
    _check(tx, record)
    return tx.add(record)


def edit(tx: Transaction, key: int, values: Mapping[str, Any]) -> PhoneLine:
    """Change a line; who listens to it takes the change up within seconds."""
    must_manage(tx)
    record = tx.get(PhoneLine, key)
    for name, value in values.items():
        setattr(record, name, value)
    _check(tx, record)
    return record


def remove(tx: Transaction, key: int) -> str:
    """Remove a line; the calls that were heard by it stay. Return its name."""
    must_manage(tx)
    record = tx.get(PhoneLine, key)
    tx.remove(record)
    return record.name


def must_manage(tx: Transaction) -> None:
    """Raise `Denied` for who is no administrator: only they say where passwords are, and where these go."""
    if not tx.scope.manages and tx.actor.user_id:
        raise Denied(
            _("Only an administrator sets up telephone lines; {login} is {role}.").format(
                login=tx.actor.login, role=tx.actor.role
            )
        )


def _check(tx: Transaction, record: PhoneLine) -> None:
    """Bring a line into the form in which it is kept; raises `InvalidInput` for what is wrong with it."""
    record.name, record.code, record.system = record.name.strip(), record.code.strip(), record.system.strip()
    if record.kind == POST:
        if record.address or record.login:
            raise InvalidInput(_("A line that posts has no address and no login; it has a key."))
    else:
        record.address = str(place(record.address, record.kind))
        if record.kind == AMI and not record.login:
            raise InvalidInput(_("A line of Asterisk needs --login, the name in manager.conf."))
    if not record.password:
        raise InvalidInput(_("A line needs --password: where its password, or key, is (env:VARIABLE or file:/PATH)."))
    record.password = must_be_elsewhere(_("The password"), record.password)
    _check_dialling(tx, record)
    _must_be_its_own(tx, record)


def _check_dialling(tx: Transaction, record: PhoneLine) -> None:
    """Numbers are dialled in digits where something is dialled before them; and those at home in a country."""
    prefix = record.dial_prefix = "".join(record.dial_prefix.split())
    if not set(prefix) <= _KEYS:
        raise InvalidInput(_("“{text}” cannot be dialled: a prefix has digits, * and #.").format(text=prefix))
    if prefix and record.dial_as == E164:
        raise InvalidInput(
            _("A prefix is dialled before digits, not before +: give --dial-as national or international, too.")
        )
    if record.dial_as == NATIONAL and not here(tx).region:
        raise InvalidInput(
            _("The workspace was made without --region, so no number is national: dial as international.")
        )


def _must_be_its_own(tx: Transaction, record: PhoneLine) -> None:
    """Names are told apart; and two servers do not have one word, for each would end the calls of the other."""
    c = line.c
    names = [record.name.lower(), record.code.lower()]
    alike = or_(func.lower(c.name).in_(names), func.lower(c.code).in_(names), c.system == record.system)
    for row in tx.rows(select(c.name, c.code, c.system).where(alike, c.id != record.id).limit(20)):
        if row.system == record.system:
            raise InvalidInput(
                _("Calls of line {name} are kept under “{system}” already; give this one a word of its own: --system.")
                .format(name=row.name, system=row.system)
            )  # fmt: skip
        raise InvalidInput(_("There is a line “{name}” already.").format(name=row.name))
