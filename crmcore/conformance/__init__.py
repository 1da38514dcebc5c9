"""What makes a plugin safe to enable, in three levels; every rule is checked by a program."""
