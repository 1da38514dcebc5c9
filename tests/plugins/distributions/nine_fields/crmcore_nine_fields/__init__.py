"""A process that asks people to type nine fields."""
