"""The story of one file: inspected, recorded, and its rows loaded, whatever is repeated or killed on the way."""
