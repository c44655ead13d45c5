"""What pages and programs both need of HTTP: forms with files in them."""
