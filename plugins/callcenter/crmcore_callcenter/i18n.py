"""Messages in the user's language, from the plugin's own catalogue."""

from pathlib import Path

from crmcore.command import messages

_ = messages("crmcore_callcenter", Path(__file__).parent)
