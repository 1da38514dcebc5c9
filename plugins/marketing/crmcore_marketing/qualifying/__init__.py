"""Qualifying: who of those we met needs something now, who later, who nothing; and what sales made of them."""
