"""A list as a file: in each format, at once or by a worker, once or again and again."""
