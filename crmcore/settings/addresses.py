"""Settings that are addresses of servers: what is wrong with one, as a sentence."""

from urllib.parse import urlsplit

from crmcore.i18n import _


def address_problem(value: str, schemes: tuple[str, ...], wanted: str) -> str:
    """Return what is wrong with the address of a server, or an empty text.

    It has one of the schemes, a host, and no password; `wanted` says in words what to write.
    """
    try:
        parts = urlsplit(value)
        sound = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound or any(each.isspace() for each in value):
        return _("“{value}” cannot be used; {wanted}.").format(value=value, wanted=wanted)
    if parts.password is not None:
        return _("An address with a password in it is not kept; the password has a setting of its own.")
    return ""
