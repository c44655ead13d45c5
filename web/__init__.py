"""What pages and clients both need of HTTP: forms with files in them."""
