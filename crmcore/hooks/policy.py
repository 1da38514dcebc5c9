"""Policy: objecting to an act towards a party before it happens."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs
from attrs import field, frozen

from crmcore.errors import InvalidInput
from crmcore.hooks.kinds import VETO, hook
from crmcore.i18n import _

CONTACT, VISIT, QUOTE, DISCOUNT, CLOSE = "contact", "visit", "quote", "discount", "close"
KINDS = (CONTACT, VISIT, QUOTE, DISCOUNT, CLOSE)
"""The core's kinds of act; a plugin may have its own, a lower-case word."""

CHANNELS = ("call", "email", "chat", "sms", "meeting", "visit", "letter", "fax")
PURPOSES = ("sales", "marketing", "service", "transactional")
_WORD = re.compile(r"[a-z][a-z0-9_.]*")


def _known(words: Sequence[str]) -> Any:
    def check(act: "Act", attribute: "attrs.Attribute[str]", value: str) -> None:
        if value and value not in words:
            raise InvalidInput(
                _("An act's {field} cannot be “{value}”; it is one of {allowed}.").format(
                    field=attribute.name, value=value, allowed=", ".join(words)
                )
            )

    return check


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


@frozen(kw_only=True, cache_hash=True)
class Act:
    """Something somebody is about to do towards a party; two acts with equal fields are the same act.

    `kind` is contact, visit, quote, discount, close, or a plugin's own. `at` is when it would happen, with its zone.
    A contact has a `channel` and a `purpose`; a visit has the channel visit. A quote has an `amount`, its `currency`
    and the `products`; a discount its `percent`. `materials` are the codes of brochures and the like that go along.
    Hooks find the customer a contact stands for filled in.

    Raises `InvalidInput` for a word that nobody knows (an opt-out could not meet it), an `at` without a zone, a contact
    without channel or purpose, an act towards nobody, and a percentage outside 0 to 100.
    """

    kind: str = field()
    at: datetime = field()
    channel: str = field(validator=_known(CHANNELS))
    purpose: str = field(default="", validator=_known(PURPOSES))
    contact_id: int | None = None
    customer_id: int | None = None
    amount: Decimal | None = None
    currency: str = ""
    products: tuple[str, ...] = field(default=(), converter=_texts)
    percent: Decimal | None = field(default=None)
    materials: tuple[str, ...] = field(default=(), converter=_texts)

    @channel.default
    def _default_channel(self) -> str:
        return VISIT if self.kind == VISIT else ""

    @kind.validator
    def _check_kind(self, _attribute: "attrs.Attribute[str]", value: str) -> None:
        if not _WORD.fullmatch(value):
            raise InvalidInput(_("An act's kind is a lower-case word, not “{value}”.").format(value=value))

    @at.validator
    def _check_at(self, _attribute: "attrs.Attribute[datetime]", value: datetime) -> None:
        if value.utcoffset() is None:
            raise InvalidInput(_("An act's time needs its zone: {value}.").format(value=value.isoformat()))

    @percent.validator
    def _check_percent(self, _attribute: "attrs.Attribute[Decimal | None]", value: Decimal | None) -> None:
        if value is not None and not 0 <= value <= 100:
            raise InvalidInput(_("A discount is between 0 and 100 per cent, not {value}.").format(value=value))

    def __attrs_post_init__(self) -> None:
        """Check what several fields say together."""
        if self.kind == CONTACT and not (self.channel and self.purpose):
            raise InvalidInput(_("A contact needs a channel and a purpose: whether it is allowed depends on both."))
        if self.contact_id is None and self.customer_id is None:
            raise InvalidInput(_("An act needs the contact or the customer it is towards."))


@frozen(kw_only=True)
class Objection:
    """Why an act should not happen. `blocks` is false for a warning; `until` is when it ends, if that is known.

    `lift` says in a sentence what would end it earlier, if anything would.
    """

    act: Act
    reason: str
    blocks: bool = True
    until: datetime | None = None
    lift: str = ""


@frozen(kw_only=True)
class Decision:
    """Whether an act may happen: not when any objection blocks.

    `objections` pairs each with the plugin that raised it, in the order of their weight: those that block first, then
    those that last longest.
    """

    act: Act
    allowed: bool
    objections: tuple[tuple[str, Objection], ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the reasons in the order of their weight."""
        return tuple(objection.reason for _plugin, objection in self.objections)

    @property
    def until(self) -> datetime | None:
        """Return when nothing blocks the act any more, if that is known."""
        ends = [objection.until for _plugin, objection in self.objections if objection.blocks]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None


@hook(VETO)
def crm_objections(acts: Sequence[Act], tx: Any) -> Iterable[Objection]:  # type: ignore[empty-body] # a specification
    """Object to acts, each objection naming its act and the reason.

    Called by `tx.permit` at the moment of acting, with one act or thousands: answer with statements over all of them,
    never one for each. The core's own consent rules and quiet hours answer through this same hook. An exception counts
    as a blocking objection to every act.
    """
