"""The few pages that people see: plain, without script, in their language."""

from html import escape

from crmcore_marketing.i18n import _

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title></head>
<body style="font-family: sans-serif; max-width: 34em; margin: 3em auto; padding: 0 1em">
<h1 style="font-size: 1.3em">{title}</h1>{body}</body></html>
"""


def page(title: str, body: str = "", *, language: str = "en") -> str:
    """Return a page; `title` is text, `body` is HTML."""
    return _PAGE.format(language=escape(language), title=escape(title), body=body)


def ask_unsubscribe(language: str) -> str:
    """Return the page that asks whether somebody wants no more mail; looking at it changes nothing."""
    body = (
        f"<p>{escape(_('We will write to you no more about offers and events.'))}</p>"
        '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
        f'<button style="font-size: 1em; padding: .5em 1em">{escape(_("Unsubscribe"))}</button></form>'
    )
    return page(_("Do you want no more of these mails?"), body, language=language)


def unsubscribed(language: str) -> str:
    """Return the page that says that it is done."""
    body = f"<p>{escape(_('You will get no more of these mails. Letters about a contract with you still come.'))}</p>"
    return page(_("Done"), body, language=language)


def thanks(language: str) -> str:
    """Return the page after a form that was taken."""
    return page(_("Thank you"), f"<p>{escape(_('We have got it.'))}</p>", language=language)


def refused(reason: str, language: str) -> str:
    """Return the page that says why something is not taken."""
    return page(_("This did not work"), f"<p>{escape(reason)}</p>", language=language)
