"""How the text of a file is divided: bytes that can be scanned in; dialect, header, records and their places out."""
