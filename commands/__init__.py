"""The commands of the operator, beside starting the server: what each is asked, does and prints."""
