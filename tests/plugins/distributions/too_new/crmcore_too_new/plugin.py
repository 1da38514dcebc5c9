"""It needs a crmcore that does not exist yet; importing it leaves a trace."""

import os
from pathlib import Path

Path(os.environ["TOO_NEW_SEEN"]).touch()
