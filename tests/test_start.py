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
