"""Erasing a person: everything known of them goes, counts and sums stay, and one report says what and why."""
