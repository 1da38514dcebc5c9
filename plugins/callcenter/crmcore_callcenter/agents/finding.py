"""Who of us is meant: agents by device, extension or name, queues by code, name or number, and our own numbers."""

import re
from collections.abc import Collection, Mapping

from attrs import frozen
from sqlalchemy import ColumnElement, select

from crmcore.api import ApplyTransaction, PluginReader, Reader, Transaction, here, point_key, tables
from crmcore_callcenter.protocol.events import Party
from crmcore_callcenter.tables import agent, line, queue

AnyReader = Reader | PluginReader
AnyTransaction = Transaction | ApplyTransaction

SHORT = 6
"""A number with fewer digits is dialled within the house only."""

_MOST = 10_000
_CHANNEL = re.compile(r"(?:-[0-9a-f]{8})?(?:;[12])?$", re.IGNORECASE)
"""What Asterisk adds to a device to name one of its channels: PJSIP/201-0000001a, Local/201@agents-0000001b;2."""


@frozen(kw_only=True)
class Agent:
    """One of us who takes calls; `system` is the word of the telephone system by which they call, if one is said."""

    id: int
    name: str
    user_id: int | None
    extension: str
    system: str
    active: bool


class Ours:
    """What is ours at the telephone, read once: five statements, however much is asked of it then."""

    def __init__(self, reader: AnyReader) -> None:
        self._region = here(reader).region
        a, q, u = agent.c, queue.c, tables.user_account.c
        lines = reader.rows(select(line.c.id, line.c.system, line.c.own_numbers, line.c.dial_prefix).limit(_MOST))
        systems = {row.id: row.system for row in lines}
        self._prefixes = {row.system: row.dial_prefix for row in lines if row.dial_prefix}
        rows = reader.rows(
            select(a.id, a.name, a.user_id, a.extension, a.devices, a.line_id, a.active)
            .order_by(_last(a.active), a.id)
            .limit(_MOST)
        )
        self.agents: Mapping[int, Agent] = {
            row.id: Agent(
                id=row.id, name=row.name, user_id=row.user_id, extension=row.extension,
                system=systems.get(row.line_id, ""), active=row.active,
            )
            for row in rows
        }  # fmt: skip
        users = reader.rows(select(u.id, u.phone).where(u.phone != "").limit(_MOST))
        phones = {row.id: row.phone for row in users}
        self._devices, self._extensions, self._names, self._places = (_Words(), _Words(), _Words(), _Words())
        for row in rows:
            self._extensions.add(row.extension, row.id)
            self._names.add(row.name, row.id)
            for device in row.devices:
                self._devices.add(device, row.id)
                self._places.add(_place(device), row.id)
            for form in self._forms(phones.get(row.user_id, "")):
                self._places.add(form, row.id)
        self._queues, numbers = _Words(), [each for row in lines for each in row.own_numbers]
        for row in reader.rows(
            select(q.id, q.code, q.name, q.numbers, q.active).order_by(_last(q.active), q.id).limit(_MOST)
        ):
            for word in (row.code, row.name, *(self._number(each) for each in row.numbers)):
                self._queues.add(word, row.id)
            numbers += row.numbers
        numbers += [*phones.values(), *(row.extension for row in rows)]
        self._numbers = {form for each in numbers for form in self._forms(each)}

    def agent(self, *words: str, system: str = "") -> Agent | None:
        """Return the agent whom the first of the words means that means one: a device, channel, extension or name.

        `PJSIP/201-0000001a` is the device PJSIP/201; where nobody has that, whoever has the extension 201, as with
        Local/201@agents, Agent/201 or sofia/internal/201@example.com; else whose own telephone the number is. Where
        several have it, the one of `system`.
        """
        for word in words:
            device = _CHANNEL.sub("", word.strip())
            place = _place(device)
            for known, text in (
                (self._devices, device), (self._names, device), (self._extensions, place), (self._names, place),
                (self._places, place),
            ):  # fmt: skip
                found = [self.agents[key] for key in known.get(text)]
                if found:
                    return next((one for one in found if system and one.system == system), found[0])
        return None

    def agent_of(self, party: Party | None, system: str = "") -> Agent | None:
        """Return the agent who takes part in a call: by device, then by what a queue calls them, then by number."""
        return None if party is None else self.agent(party.device, party.agent, party.number, system=system)

    def user_id(self, agent_id: int | None) -> int | None:
        """Return the user that an agent is."""
        found = self.agents.get(agent_id) if agent_id is not None else None
        return None if found is None else found.user_id

    def is_ours(self, number: str) -> bool:
        """Return whether a number is one of ours: short, an extension, a line's, a queue's or a user's own.

        A withheld number is nobody's.
        """
        place = _place(number)
        digits = _digits(place)
        return bool(digits) and (len(digits) < SHORT or not self._numbers.isdisjoint(self._forms(place)))

    def beyond(self, dialled: str, system: str) -> str:
        """Return the number that one of us dialled in a telephone system, without what its line has dialled first."""
        rest = dialled.removeprefix(self._prefixes.get(system, ""))
        return rest if len(_digits(rest)) >= SHORT else dialled

    def queue(self, word: str) -> int | None:
        """Return the id of the queue that a code, a name or a dialled number means."""
        return next(iter(self._queues.get(word) or self._queues.get(self._number(word))), None)

    def _number(self, text: str) -> str:
        return self.normal(text) or _digits(text)

    def _forms(self, text: str) -> Collection[str]:
        """Return the forms in which a number may be told: its digits, and in E.164 with and without the sign."""
        normal = self.normal(text)
        return {form for form in (_digits(text), normal, normal.removeprefix("+")) if form}

    def normal(self, number: str) -> str:
        """Return a number in E.164; one without a country code is of the workspace's country. "" for none."""
        return point_key("phone", number, self._region)


class _Words:
    """Records by words of any case; those that several have keep the order in which they were added."""

    def __init__(self) -> None:
        self._known: dict[str, list[int]] = {}

    def add(self, word: str, key: int) -> None:
        """Let a word mean a record, too."""
        if folded := word.strip().casefold():
            self._known.setdefault(folded, []).append(key)

    def get(self, word: str) -> list[int]:
        """Return the records that a word means."""
        return self._known.get(word.strip().casefold(), [])


def _place(device: str) -> str:
    """Return what is dialled to get to a device: 201 for PJSIP/201 and for sip:201@example.com."""
    return device.rpartition("/")[2].partition("@")[0].rpartition(":")[2].strip()


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isascii() and character.isdigit())


def _last(active: ColumnElement[bool]) -> ColumnElement[bool]:
    """Put what is no longer in use last: old calls know it still."""
    return active.is_(False)
