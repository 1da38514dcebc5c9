"""Data quality: how much of the address book can be trusted, and what to mend first."""
