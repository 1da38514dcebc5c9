"""Whom our mail can be from, before anybody sends any."""

from crmcore_service.i18n import _


def sender_problem(value: str) -> str:
    """Return what is wrong with a sender, NAME <ADDRESS> or an address; empty where nothing is."""
    from crmcore.api import InvalidInput
    from crmcore.mail import parsed_address

    try:
        parsed_address(value)
    except InvalidInput:
        return _("“{value}” is no sender; write NAME <ADDRESS>, or an address.").format(value=value)
    return ""
