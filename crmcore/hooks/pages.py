"""Pages: what a plugin answers on the web, served by `crm web serve`."""

import re
from collections.abc import Callable
from typing import Any

from attrs import field, frozen

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@frozen(kw_only=True)
class Page:
    """An address that a plugin answers: `rule` is `/u/<token>`, in the words of Werkzeug's routing.

    `answer(visit)` is given a `crmcore.web.visit.Visit` and answers a response of Werkzeug's; it runs as a command of
    the plugin does, and opens transactions of its own. What it raises, the visitor is told as a sentence without any
    detail of how we are made; `InvalidInput` and `Refused` with their own words. A path that ends in `.json` is told
    so as JSON.

    `most` is how many requests a single address on the net may make here in an hour, 0 any number. `signed` says that
    its addresses are links the plugin signs (`crmcore.web.links`): `crm doctor` tells when they cannot be.
    """

    rule: str = field()
    answer: Callable[[Any], Any] = field(eq=False)
    methods: tuple[str, ...] = field(default=("GET",))
    most: int = 0
    signed: bool = False

    @rule.validator
    def _check_rule(self, _attribute: object, value: str) -> None:
        if not value.startswith("/"):
            raise ValueError(f"the address of a page begins with “/”: {value}")

    @methods.validator
    def _check_methods(self, _attribute: object, value: tuple[str, ...]) -> None:
        if not value or any(each not in _METHODS for each in value):
            raise ValueError(f"page {self.rule}: its methods are among {', '.join(_METHODS)}")

    @property
    def keys(self) -> tuple[str, ...]:
        """What only one plugin can answer: each method with the address, whatever its parts are called."""
        place = re.sub(r"<[^>]*>", "<>", self.rule)
        return tuple(f"{method} {place}" for method in self.methods)
