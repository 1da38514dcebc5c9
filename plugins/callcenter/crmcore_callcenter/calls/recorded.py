"""Where the talk of a call can be heard: the addresses of its recordings."""

from datetime import tzinfo

from crmcore_callcenter.agents.finding import AnyReader
from crmcore_callcenter.calls.views import CallView
from crmcore_callcenter.calls.writing import RECORDINGS
from crmcore_callcenter.model.recorded import SETTING


def addresses(reader: AnyReader, one: CallView, zone: tzinfo) -> list[str]:
    """Return the recordings of a call: addresses as they were told, files where the workspace says these are heard.

    %Y, %m and %d in what it says are the day of the call in `zone`. Where it says nothing a file stays its name. One
    statement, for a call that has a file.
    """
    told = [each for each in one.details.get(RECORDINGS, [one.recording]) if each]
    if all("://" in each for each in told):
        return told
    place = str(reader.setting(SETTING) or "")
    if not place:
        return told
    for name in ("%Y", "%m", "%d"):
        place = place.replace(name, f"{one.started_at.astimezone(zone):{name}}")
    return [each if "://" in each else f"{place.rstrip('/')}/{each.rpartition('/')[2]}" for each in told]
