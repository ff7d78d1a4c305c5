"""What the text of a file is: stored bytes in; unpacked, of a known encoding, or known to be no CSV, out."""
