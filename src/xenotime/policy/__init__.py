"""What do governments do? Measures, scope, licences and holds, as dated data."""
