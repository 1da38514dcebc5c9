"""What FreeSWITCH says: its event socket, and its call detail records."""
