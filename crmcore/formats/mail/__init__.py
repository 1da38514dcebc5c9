"""Reading e-mail: single messages (.eml), mbox files and maildir folders."""
