"""The hooks of rating: what other plugins see in a contact, and what they have against a rating."""

from collections.abc import Iterable
from typing import Any

from attrs import frozen

from crmcore.hooks.kinds import COLLECT, DECLARE, VETO, hook


@frozen(kw_only=True)
class Scale:
    """A scale that signs are on, from nothing to `top`."""

    name: str
    top: int


@frozen(kw_only=True)
class Sign:
    """A sign of interest of a contact."""

    contact_id: int
    scale: str
    points: int


@hook(DECLARE, since="0.2")
def rating_scales() -> Iterable[Scale]:
    """Declare the scales a plugin's signs are on."""


@hook(COLLECT)
def rating_signs(contact_ids: tuple[int, ...], reader: Any) -> Iterable[Sign]:
    """Tell the signs seen of some contacts.

    Read them with one statement.
    """


@hook(VETO)
def rating_doubts(name: str, tx: Any) -> Iterable[str]:
    """Say why a contact of that name is not to be rated."""
