"""How fast the pages are on a big book: `python -m bench branch`. See `bench.__main__`."""
