"""After the story: what was lost is found, what differs put right; rows are taken back or loaded again, or erased."""
