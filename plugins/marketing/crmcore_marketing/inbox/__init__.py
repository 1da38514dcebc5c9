"""What comes back, read from a mailbox and tied to what we sent: bounces, replies, refusals, invitations answered."""
