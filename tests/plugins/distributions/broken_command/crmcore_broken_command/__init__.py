"""Its command does not let itself be imported."""
