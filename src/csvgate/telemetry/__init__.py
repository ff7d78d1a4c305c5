"""What happens told to whoever watches: figures, and steps of traces. It knows nothing of what it tells."""
