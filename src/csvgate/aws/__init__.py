"""The doors to AWS: one module per service, which alone knows its client and its errors."""
