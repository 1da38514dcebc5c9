"""In which state of its process an imported record is, by what a file says of it."""

from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.model.definitions import Process, State
from crmcore.model.incoming import IncomingRecord


class States:
    """Knows the states of the process that records of an entity go through."""

    def __init__(self, tx: Transaction, entity: str) -> None:
        self._process = next((one for one in tx.definitions.processes if one.entity == entity), None)
        self._by_word: dict[str, State] = {}
        for state in self._process.states if self._process else ():
            for word in (state.label, state.name):
                if word:
                    self._by_word[_folded(word)] = state

    @property
    def field(self) -> str:
        """The field that holds the state; none for an entity without a process."""
        return self._process.field if self._process else ""

    def odds(self, name: str) -> int | None:
        """Return the odds of a state, None where it says none."""
        found = next((one.probability for one in self._by_word.values() if one.name == name), None)
        return None if found is None else int(found)

    def of(self, incoming: IncomingRecord) -> State | None:
        """Return the state a record is in; None where the file says nothing of it.

        Raises `InvalidInput` for words that name no state, with the states there are.
        """
        if self._process is None or not (incoming.states or incoming.ending):
            return None
        found = next((self._by_word[word] for word in map(_folded, incoming.states) if word in self._by_word), None)
        if found is None and incoming.ending:
            found = _only(self._process, incoming.ending)
        if found is None:
            known = ", ".join(one.label or one.name for one in self._process.states)
            raise InvalidInput(
                _("{field}: “{text}” is no state of {process}; it has {known}").format(
                    field=self._process.field,
                    text=next(iter(incoming.states), incoming.ending),
                    process=self._process.title or self._process.name,
                    known=known,
                )
            )
        return found


def _folded(word: str) -> str:
    """Return a word without case, spaces and punctuation: Closed Won is closedwon."""
    return "".join(filter(str.isalnum, word.casefold()))


def _only(process: Process, kind: str) -> State | None:
    """Return the state of a kind where there is one alone."""
    found = [one for one in process.states if one.kind == kind]
    return found[0] if len(found) == 1 else None
