"""How fast is it? A registry of comparisons, each measured in one run so that ratios are fair."""
