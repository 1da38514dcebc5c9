"""Its revision bears no name of its own."""
