"""Where recordings are heard: only addresses of the web are opened, for whoever tells of calls may say anything."""

from crmcore_callcenter.i18n import _

WEB = ("http://", "https://")
SETTING = "callcenter.recordings_at"


def place_problem(place: str) -> str:
    """Return what is wrong with a place where recordings are heard, as a sentence; empty where nothing is."""
    return "" if place.startswith(WEB) else _("it is no address of the web; write https://PLACE/.")
