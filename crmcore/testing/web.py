"""The pages of an app, served on this machine by the real server, in threads of its own."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from crmcore.app import App


@contextmanager
def serving(app: App, *, proxy: str = "") -> Iterator[tuple[str, int]]:
    """Answer requests on loopback within a block; gives host and port. `proxy` may say whom requests are from."""
    from crmcore.web.serving import server

    listening = server(app, host="127.0.0.1", port=0, threads=4, proxy=proxy, asyncore_loop_timeout=0.05)

    def run() -> None:
        with suppress(OSError):  # it is closed while it waits
            listening.run()

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield "127.0.0.1", listening.effective_port
    finally:
        listening.close()
        thread.join(5)
