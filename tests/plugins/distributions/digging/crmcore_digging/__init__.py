"""It digs for the connection, and ends the transaction of others."""
