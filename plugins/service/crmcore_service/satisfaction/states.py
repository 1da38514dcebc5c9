"""What becomes of the question how content somebody is."""

from datetime import timedelta

ASKED, ANSWERED, WITHHELD = "asked", "answered", "withheld"
PURPOSE = "service rating"
"""What the links are for."""
VALID = timedelta(days=60)
"""For so long one may answer."""
