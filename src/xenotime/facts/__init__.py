"""What is known? Cited tables, taxonomy, units and estimates."""
