"""How is a day computed? The rules of a day, compiled: one question a file, called by `kernel`."""
