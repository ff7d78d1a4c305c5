"""What programs may ask: operations with documents as answers."""
