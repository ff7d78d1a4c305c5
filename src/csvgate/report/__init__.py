"""A receipt in; what people read of it out: in words, and as a page of HTML. Knows no terminal, no disk, no server."""
