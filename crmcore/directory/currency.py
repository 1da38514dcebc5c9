"""The currency a workspace reckons in."""

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader


def currency(reader: Reader | PluginReader) -> str:
    """Return the workspace's currency (ISO 4217): the setting, else that of its country, else the euro.

    Countries and their currencies are those of Unicode's tables. One statement.
    """
    known = reader.settings()
    if known.get("currency"):
        return str(known["currency"])
    from babel.numbers import get_territory_currencies  # only for who has no setting

    found = get_territory_currencies(str(known.get("region") or "EU"))
    return found[0] if found else "EUR"
