"""What is sold: products, prices, and the rates between currencies."""
