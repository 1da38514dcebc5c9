"""A sum of money as people type it by itself: `1,600,000`, `1.6M`, `160万`, `$40k`, `30万美元`."""

from decimal import Decimal, InvalidOperation

from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.language.amounts import find_amounts

_BARE = ("{}", "{} cny", "{}元")
"""How the text is tried: as it is, and as one of a currency where it names none."""


def money_said(field: str, text: str) -> tuple[Decimal, str]:
    """Return a sum and its currency (ISO 4217), which is empty where the text names none.

    Raises `InvalidInput` that names the field for anything else, and for a sum below nothing.
    """
    said = text.strip()
    try:
        value, currency = Decimal(said.replace(",", "").replace("，", "")), ""
    except InvalidOperation:
        value, currency = _read(field, said)
    if not value.is_finite() or value < 0:
        raise InvalidInput(_("{field}: “{text}” is no sum of money.").format(field=field, text=text))
    return value, currency


def _read(field: str, said: str) -> tuple[Decimal, str]:
    for form in _BARE:
        whole = form.format(said)
        found = find_amounts(whole)
        if len(found) == 1 and found[0].text == whole and len(found[0].unit) == 3 and found[0].unit.isupper():
            return found[0].value, found[0].unit if form == "{}" else ""
    raise InvalidInput(_("{field}: “{text}” is no sum of money.").format(field=field, text=said))
