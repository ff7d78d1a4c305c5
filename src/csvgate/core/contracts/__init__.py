"""What a feed promised in; whether a file keeps it, row by row, out."""
