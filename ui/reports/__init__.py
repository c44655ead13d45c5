"""Reports about learners: the page, the paper, what staff write for them, and links to them."""
