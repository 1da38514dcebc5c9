"""The legs of calls under way in a telephone system, whichever it is, and what happens to calls because of them."""
