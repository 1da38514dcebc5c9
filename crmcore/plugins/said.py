"""How plugins and their failures are named in messages."""

from crmcore.errors import PluginError
from crmcore.plugins.running import CutOff


def named(plugin: str, version: str) -> str:
    """Return a plugin with its version, if that is known."""
    return f"{plugin} {version}".strip()


def said_by(error: BaseException) -> str:
    """Return an exception in one line, whatever its own text does."""
    try:
        said = " ".join(str(error).split())
    except BaseException:  # noqa: BLE001 # an exception of a plugin's own may fail even there
        said = ""
    if isinstance(error, CutOff | PluginError) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
