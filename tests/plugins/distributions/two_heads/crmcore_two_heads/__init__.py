"""Its history forks."""
