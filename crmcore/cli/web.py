"""`crm web`: the pages of plugins on the web, and the key of our links."""

import signal
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.errors import InvalidInput
from crmcore.i18n import _


@click.group()
def web() -> None:
    """Answer links, forms and requests from outside; make the key that links are signed with."""


@web.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: any that is free.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True)
@click.option("--proxy", metavar="ADDRESS", default="", help="The proxy before it: whose word on addresses is taken.")
def serve(host: str, port: int, threads: int, proxy: str) -> None:
    """Answer requests by the pages of the enabled plugins, until interrupted; a proxy before it does HTTPS.

    Nothing of the workspace is shown but what those pages show (`crm web pages`). What is enabled or disabled while it
    runs is taken up at once.
    """
    from crmcore.cli.session import session

    _must_be_installed()
    from crmcore.web.serving import server

    with session() as s:
        try:
            listening = server(s.app, host=host, port=port, threads=threads, proxy=proxy)
        except (OSError, ValueError) as error:
            raise InvalidInput(
                _("It cannot listen at {host}:{port}: {why}").format(host=host, port=port, why=error)
            ) from error
        _end_on_signal()
        tell(_("Listening at http://{host}:{port}; Ctrl-C ends it.").format(host=host, port=listening.effective_port))
        try:
            listening.run()
        finally:
            listening.close()


@web.command()
@as_json
def pages(json_: bool) -> None:
    """List the addresses that are answered, and which plugin answers each."""
    from crmcore.cli.session import session

    _must_be_installed()
    with session() as s, s.read() as reader:
        found = [
            {"rule": one.rule, "methods": list(one.methods), "most": one.most, "plugin": plugin}
            for plugin, one in reader.declared_by_plugin("crm_pages")
        ]
    if json_:
        print_json(found)
        return
    print_table(
        [_("address"), _("requests"), _("at most in an hour"), _("plugin")],
        [(one["rule"], ", ".join(one["methods"]), str(one["most"] or ""), one["plugin"]) for one in found],
    )


@web.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key(file: Path) -> None:
    """Make the key that links are signed with, in FILE, and let web.key name it. Needs an administrator.

    Links made with a former key no longer hold. FILE is part of no backup: keep a copy where your passwords are.
    """
    from crmcore.cli.session import session
    from crmcore.settings.changing import change
    from crmcore.web.keys import make_key

    with session() as s, s.write() as tx:
        change(tx, "web.key", f"file:{file.absolute()}")
        made = make_key(file)
    tell(_("The key is in {path}, and links are signed with it.").format(path=made))


def _end_on_signal() -> None:
    """Let who ends it politely (SIGTERM) be as Ctrl-C: what is being answered is answered first."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    with suppress(ValueError):  # only the main thread is told of signals
        signal.signal(signal.SIGTERM, end)


def _must_be_installed() -> None:
    if find_spec("werkzeug") is None or find_spec("waitress") is None:
        raise InvalidInput(_("Pages need libraries more; install them by `pip install 'crmcore[web]'`."))
