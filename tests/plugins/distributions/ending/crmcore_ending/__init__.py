"""It ends the transaction of others, by what it is lent."""
