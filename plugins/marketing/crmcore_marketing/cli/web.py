"""`crm marketing web`: the endpoint of our own pages."""

import click

from crmcore_marketing.i18n import _


@click.group()
def web() -> None:
    """Serve the links of our mails, our forms and the count of visits."""


@web.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: any that is free.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True)
def serve(host: str, port: int, threads: int) -> None:
    """Answer requests until interrupted; a proxy before it does HTTPS, and leads /u /c /f /v to it.

    Nothing of the workspace is shown: it unsubscribes, leads on, and takes forms and visits.
    """
    from waitress import create_server

    from crmcore.api import session, tell
    from crmcore_marketing.web.application import Endpoint

    with session() as s:
        server = create_server(Endpoint(s.app), host=host, port=port, threads=threads, ident="crm")
        tell(_("Listening at http://{host}:{port}; Ctrl-C ends it.").format(host=host, port=server.effective_port))
        try:
            server.run()
        finally:
            server.close()
