"""Serving: the application behind Waitress, in threads of its own."""

from typing import Any

from waitress import create_server

from crmcore.app import App
from crmcore.web.application import Application


def server(app: App, *, host: str, port: int, threads: int, proxy: str = "", **options: Any) -> Any:
    """Return a server that listens; `run()` answers until it is interrupted, `effective_port` is where.

    `proxy` is the address of the one before it, whose word is taken on whom requests are from and whether by HTTPS
    (X-Forwarded-For, X-Forwarded-Proto); nobody else's is.
    """
    if proxy:
        options |= {
            "trusted_proxy": proxy,
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto",
        }
    return create_server(
        Application(app), host=host, port=port, threads=threads, ident="crm",
        clear_untrusted_proxy_headers=True, **options,
    )  # fmt: skip
