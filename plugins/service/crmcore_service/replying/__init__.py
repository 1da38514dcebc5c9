"""What we write to customers about tickets, and that it leaves exactly once."""
