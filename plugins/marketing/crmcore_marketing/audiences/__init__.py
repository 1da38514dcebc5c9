"""Audiences: whom we mean to reach, as saved conditions, with who is left out and why."""
