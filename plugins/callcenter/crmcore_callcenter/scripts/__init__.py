"""What is asked on the telephone, and what becomes of the answers."""
