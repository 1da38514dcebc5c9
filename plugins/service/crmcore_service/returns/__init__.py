"""What service costs and what it saves, as a profit and loss."""
