"""The first commands on an empty workspace."""

import json
import subprocess
import sys


def test_a_new_workspace_is_empty(crm):
    assert json.loads(crm("contact", "list", "--json").stdout) == []


def test_help_imports_no_engine():
    code = """
import sys
from crmcore.cli import crm
try:
    crm(["--help"])
except SystemExit:
    pass
assert not {"sqlalchemy", "pluggy", "rich", "crmcore_sales"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_command_imports_nothing_that_it_does_not_use(workspace):
    code = f"""
import sys
from crmcore.cli import crm
try:
    crm(["--db", {workspace!r}, "--user", "ann", "due", "--json"])
except SystemExit:
    pass
assert "sqlalchemy" in sys.modules
costly = {{"cel", "alembic", "cronsim", "tomli_w", "openpyxl", "icalendar", "phonenumbers", "pypinyin", "rapidfuzz"}}
assert not costly & set(sys.modules), costly & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
