"""The command line as a function."""

import json
import os
from typing import Any

from attrs import frozen
from click.testing import CliRunner

from crmcore.cli import crm
from crmcore.testing.workspace import ADMINISTRATOR


@frozen(kw_only=True)
class Ran:
    """What a command left: its exit code, what it printed, and what it said on standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)


class Commands:
    """Runs commands in the workspace at an address, in this process."""

    def __init__(self, url: str) -> None:
        self._url = url

    def run(self, *arguments: object, code: int = 0, user: str = ADMINISTRATOR, **environment: str) -> Ran:
        """Run `crm ARGUMENTS`; `code` is the exit code that is expected, `environment` adds variables.

        Raises `AssertionError`, with all that was printed, for another exit code.
        """
        given = {"CRM_DATABASE_URL": self._url, "CRM_USER": user, "CRM_LANG": "en", "COLUMNS": "100", **environment}
        done = CliRunner().invoke(crm, [str(each) for each in arguments], env={**os.environ, **given})
        if done.exit_code != code:
            typed = " ".join(["crm", *map(str, arguments)])
            raise AssertionError(f"{typed}: exit code {done.exit_code}\n{done.output}") from done.exception
        return Ran(code=done.exit_code, out=done.stdout, err=done.stderr)
