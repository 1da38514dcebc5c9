"""The font of Chinese text in PDF: one of this machine's, put into the document, or one that readers bring.

`CRM_PDF_FONT` names a TrueType font file (.ttf, .ttc) to use. Else the first that is found where systems keep theirs;
else the name alone of a font that readers of PDF have for Simplified Chinese (Adobe-GB1), such as Acrobat, Preview and
browsers on machines with Chinese fonts.
"""

import os
from functools import cache
from glob import glob

from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from crmcore.errors import InvalidInput
from crmcore.i18n import _

_NAMED = "STSong-Light"
_EMBEDDED = "Embedded"
_PLACES = (
    "/usr/share/fonts/**/wqy-*.ttc",
    "/usr/share/fonts/**/DroidSansFallback*.ttf",
    "/usr/share/fonts/**/uming.ttc",
    "/Library/Fonts/Arial Unicode.ttf",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:/Windows/Fonts/simsun.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)


def font(text: str) -> str:
    """Return the name of a font that has the letters of a text; raises `InvalidInput` for a `CRM_PDF_FONT` without."""
    return "Helvetica" if text.isascii() else _chinese(os.environ.get("CRM_PDF_FONT", ""))


@cache
def _chinese(wanted: str) -> str:
    if wanted:
        try:
            return _embedded(wanted)
        except (OSError, TTFError) as error:
            raise InvalidInput(
                _("CRM_PDF_FONT: {file} is no TrueType font: {why}").format(file=wanted, why=error)
            ) from error
    for place in _PLACES:
        for path in sorted(glob(place, recursive=True)):  # noqa: PTH207 # these patterns are absolute
            try:
                return _embedded(path)
            except (OSError, TTFError):
                continue
    registerFont(UnicodeCIDFont(_NAMED))
    return _NAMED


def _embedded(path: str) -> str:
    registerFont(TTFont(_EMBEDDED, path))
    return _EMBEDDED
