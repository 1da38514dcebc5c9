"""The secret name of a message, in addresses and links: nobody guesses it, and mail servers leave it as it is."""

import secrets
from base64 import b32encode

_BYTES = 16


def new_token() -> str:
    """Return 128 bits of chance as 26 small letters and digits: the local part of an address may be folded."""
    return b32encode(secrets.token_bytes(_BYTES)).decode().rstrip("=").lower()
