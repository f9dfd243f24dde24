"""How does it look? Results as pages for people."""
