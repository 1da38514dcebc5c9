import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

CARDS = "".join(
    f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\nORG:{firm}\r\nEMAIL:{mail}\r\nEND:VCARD\r\n"
    for name, firm, mail in (("Li Wei", "Acme", "li@acme.example"), ("王芳", "水务集团", "wang@water.example"))
)


@pytest.mark.row("S0-06")
def test_the_core_alone_answers_within_five_commands_and_five_minutes(tmp_path: Path) -> None:
    """No server, no plugin, no service, one user: one file in an empty folder; a private list stays private."""
    (tmp_path / "cards.vcf").write_text(CARDS, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}

    def crm(*arguments: str, user: str = "ann") -> str:
        process = subprocess.run(
            [sys.executable, "-m", "crmcore.cli", "--user", user, *arguments],
            cwd=tmp_path, env={**environment, "CRM_LANG": "en"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert process.returncode == 0, process.stderr
        return process.stdout

    began = time.monotonic()
    crm("init", "--region", "CN", "--zone", "Asia/Shanghai")
    crm("import", "cards.vcf")
    crm("log", "Li Wei 10 min call, wants quote by Friday")
    due = json.loads(crm("due", "--json", "--until", "2099-12-31"))
    answer = crm("brief", "Li Wei")
    assert time.monotonic() - began < 300
    assert "Acme" in answer
    assert "quote" in answer
    assert [one["contact"] for one in due] == ["Li Wei"]
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("crm.db-")) == [
        "cards.vcf",
        "crm.db",
    ]
    assert {one["state"] for one in json.loads(crm("plugin", "list", "--json"))} == {"disabled"}

    crm("user", "add", "bob", "--role", "rep")
    crm("contact", "add", "Secret Source", "--email", "secret@x.example", "--private")
    crm("contact", "edit", "Li Wei", "--private")
    assert {one["name"] for one in json.loads(crm("contact", "list", "--json"))} == {"Li Wei", "王芳", "Secret Source"}
    assert [one["name"] for one in json.loads(crm("contact", "list", "--json", user="bob"))] == ["王芳"]
    assert json.loads(crm("interaction", "list", "--json")) != []
    for words in (("search", "Secret", "--json"), ("search", "quote", "--json"), ("interaction", "list", "--json")):
        assert "quote" not in crm(*words, user="bob")
        assert "Secret" not in crm(*words, user="bob")
