"""A workspace for one test: made, opened with plugins, and closed again."""

from itertools import count
from typing import Any

from crmcore.app import App
from crmcore.delivery.run import Report, deliver
from crmcore.engine import migrate, workspace
from crmcore.lifecycle import enabling, schema
from crmcore.model.user import Actor, User

ADMINISTRATOR = "ann"


def create(url: str) -> None:
    """Make a workspace of the empty database at `url`: region CN, zone Asia/Shanghai, with an administrator."""
    workspace.create(url, login=ADMINISTRATOR, region="CN", zone="Asia/Shanghai")


class Workspace:
    """A new workspace at an address, or one that `create` has `made` there; what is opened is closed by `close`."""

    def __init__(self, url: str, *, made: bool = False) -> None:
        self.url = url
        if not made:
            create(url)
        self._opened: list[App] = []
        self._numbers = count(1)

    @property
    def app(self) -> App:
        """The workspace as it was opened last; opened without plugins of its own where it was not."""
        return self._opened[-1] if self._opened else self.open()

    def open(self, *plugins: "str | tuple[str, Any]", strict: bool = True) -> App:
        """Enable plugins and open the workspace with them: names of installed ones, or (name, module) pairs."""
        pairs = [each for each in plugins if not isinstance(each, str)]
        app = App(self.url, plugins=pairs, strict=strict)
        self._opened.append(app)
        for each in plugins:
            if isinstance(each, str):
                enabling.enable(app.engine, each)
            elif getattr(each[1], "PLUGIN", None) is not None:
                with migrate.alone(app.engine) as connection:
                    schema.bring(connection, each[1].PLUGIN)
        return app

    def actor(self, role: str = "rep", *, login: str = "", team: str = "") -> Actor:
        """Add a user in a role and return the actor in whose name transactions then run."""
        login = login or f"{role}{next(self._numbers)}"
        with self.app.transaction() as tx:
            tx.add(User(login=login, role=role, team=team))
        return self.app.actor(login)

    def deliver(self) -> Report:
        """Deliver what happened to those who listen, until nothing is left to do now."""
        return deliver(self.app)

    def close(self) -> None:
        """Let go of the database."""
        for app in self._opened:
            app.close()
