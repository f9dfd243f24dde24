"""One day of a supply chain after another: produce, allocate, ship, receive, reorder."""
