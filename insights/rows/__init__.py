"""The rows behind a figure, as a page and as a file."""
