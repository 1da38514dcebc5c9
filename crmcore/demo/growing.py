"""How the story of `crm demo` goes on where the plugins are: the company sells, serves, answers its telephone."""

from collections.abc import Sequence

from crmcore.demo.story import Chapter, run
from crmcore.i18n import _

PLUGINS = ("marketing", "sales", "service", "callcenter")
"""What must be installed for it."""
_WHO = "彭博"
_MAIL = ("policy", "explain", _WHO, "--channel", "email", "--purpose", "marketing")


def chapters(year: int) -> Sequence[Chapter]:
    """Return how the story goes on, in this year: from a fair to what is bought again, over four plugins."""
    quote = f"Q-{year}-0001"
    return (
        Chapter(
            title=_("A year later: four plugins on the same records"),
            remark=_("Nothing is imported again. Each of the four works without the others."),
            commands=(
                *(run("plugin", "enable", name) for name in PLUGINS),
                run("sales", "product", "add", "V80", "Butterfly valve DN80", "--cost", "500", "--price", "800"),
                run("callcenter", "agent", "add", "wang", "--user", "wang", "--extension", "201"),
            ),
        ),
        Chapter(
            title=_("Who was at the fair, and who needs something now?"),
            remark=_("Wang calls, and types each answer once. Whom a wish or a problem protects is not called."),
            commands=(
                run("marketing", "campaign", "add", "Canton fair", "--code", "C7", "--type", "exhibition"),
                run("marketing", "member", "add", _WHO, "江欣", "Anja Petersen", "--campaign", "C7"),
                run("callcenter", "script", "add", "Fair", "--form", "marketing.qualification"),
                run("callcenter", "list", "add", "After the fair", "--about", "C7", "--script", "Fair",
                    "--contact", _WHO, "--contact", "Anja Petersen"),
                run("callcenter", "list", "next", "After the fair", user="wang"),
                run("callcenter", "script", "run", "Fair", _WHO, "--answer", "need=DN80 valves",
                    "--answer", "product=V80", "--answer", "quantity=12", "--answer", "need_by=in 30 days",
                    "--answer", "budget=9600", user="wang"),
            ),
        ),
        Chapter(
            title=_("From the answer to the order"),
            remark=_("What was said on the telephone is in the lead, the deal and the quote."),
            commands=(
                run("sales", "lead", "assign", "DN80 valves", "--to", "wang"),
                run("sales", "lead", "accept", "DN80 valves", user="wang"),
                run("sales", "quote", "add", "DN80 valves", "12 V80", user="wang"),
                run("sales", "quote", "send", quote, user="wang"),
                run("sales", "quote", "accept", quote, user="wang"),
            ),
        ),
        Chapter(
            title=_("Installed, with a warranty"),
            remark="",
            commands=(
                run("service", "technician", "add", "liu"),
                run("service", "order", "add", "--for", "opportunity", "DN80 valves", user="liu"),
                run("service", "order", "start", "Installation: DN80 valves", "--technician", "liu", user="liu"),
                run("service", "order", "done", "Installation: DN80 valves", "--result", "Runs",
                    "--serial", "SN-1", "--warranty", "24", user="liu"),
            ),
        ),
        Chapter(
            title=_("The telephone rings"),
            remark=_("A telephone system tells of it. Before Wang takes it up, he sees who it is."),
            commands=(
                run("callcenter", "queue", "add", "Hotline", "--number", "4008001000"),
                run("callcenter", "wrap-code", "add", "Fault", "--form", "service.request"),
                run("callcenter", "event", "post", "ring.jsonl"),
                run("callcenter", "ring", user="wang"),
                run("callcenter", "event", "post", "talk.jsonl"),
                run("callcenter", "wrap", "demo-1", "fault", "--note", "SN-1 leaks at the shaft", user="wang"),
                run("service", "ticket", "list"),
            ),
        ),
        Chapter(
            title=_("Nobody sells to a customer with a problem"),
            remark=_("Marketing knows nothing of tickets: it asks, and service objects."),
            commands=(
                run(*_MAIL),
                run("service", "ticket", "resolve", "SN-1 leaks at the shaft", "--resolution", "A new seal",
                    user="liu"),
            ),
        ),
        Chapter(
            title=_("Bought again, and the whole of it at a glance"),
            remark="",
            commands=(
                run("service", "asset", "offer", "SN-1", user="liu"),
                run("trail", "campaign", "C7"),
            ),
        ),
    )  # fmt: skip
