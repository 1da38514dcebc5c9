"""Files that came with a component: ATTACH (RFC 5545, 3.8.1.1)."""

import binascii
import re
from hashlib import sha256

from crmcore.formats.calendar.properties import Property
from crmcore.model.incoming import Attachment

_NAMES = ("FILENAME", "X-FILENAME", "X-APPLE-FILENAME", "X-LABEL")


def read_attachment(one: Property) -> Attachment:
    """Read an ATTACH: its URL, or the size in bytes and SHA-256 of what stands in the file.

    Raises:
        ValueError: if the content is said to be base64 and is not.

    """
    name = next((one.parameters[key] for key in _NAMES if one.parameters.get(key)), "")
    media_type = one.parameters.get("FMTTYPE", "")
    if one.parameters.get("ENCODING", "").upper() not in {"BASE64", "B"}:
        return Attachment(name=name, media_type=media_type, url=one.text.strip())
    try:
        content = binascii.a2b_base64(re.sub(r"\s", "", one.value), strict_mode=True)
    except ValueError as wrong:  # also of characters outside ASCII
        raise ValueError(str(wrong)) from wrong
    return Attachment(name=name, media_type=media_type, size=len(content), sha256=sha256(content).hexdigest())
