"""Values that cannot be changed: mappings and lists that plugins see and the engine goes on using."""

from typing import Any, NoReturn, SupportsIndex

from crmcore.i18n import _


def _refused(*_given: Any, **_named: Any) -> NoReturn:
    raise TypeError(_("What a hook is given is read-only; copy it, and change the copy."))


class ReadOnlyDict(dict[str, Any]):
    """A mapping that refuses to be changed; a copy of it is a plain dictionary."""

    __slots__ = ()
    __setitem__ = __delitem__ = __ior__ = _refused
    clear = pop = popitem = setdefault = update = _refused

    def __reduce_ex__(self, _protocol: SupportsIndex) -> tuple[Any, ...]:
        return dict, (dict(self),)


class ReadOnlyList(list[Any]):
    """A list that refuses to be changed; a copy of it is a plain list."""

    __slots__ = ()
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refused
    append = clear = extend = insert = pop = remove = reverse = sort = _refused

    def __reduce_ex__(self, _protocol: SupportsIndex) -> tuple[Any, ...]:
        return list, (list(self),)


def read_only(value: Any) -> Any:
    """Return a copy of JSON-like data, all mappings and lists within it read-only; other values as they are."""
    if isinstance(value, dict):
        return ReadOnlyDict({name: read_only(each) if type(each) in _HOLDING else each for name, each in value.items()})
    if isinstance(value, list):
        return ReadOnlyList([read_only(each) if type(each) in _HOLDING else each for each in value])
    return value


_HOLDING = frozenset({dict, list, ReadOnlyDict, ReadOnlyList})
