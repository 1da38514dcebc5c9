"""It changes the process when it is imported."""

import io
import locale
import os
import signal
import sys
import tempfile
import warnings

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="moving", title="It changes the process when it is imported.")

os.chdir(tempfile.gettempdir())
locale.setlocale(locale.LC_ALL, "C" if "UTF" in locale.setlocale(locale.LC_ALL) else "C.UTF-8")
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
warnings.simplefilter("error")
os.environ["CRM_DATABASE_URL"] = "sqlite:///elsewhere.db"
sys.stdout = io.StringIO()


@impl
def crm_brief(subject):
    os.chdir("/")
    sys.stdout = io.StringIO()
    return []
