"""The word about a delivery, and the ways to pass it on that need no cloud: mail and webhooks."""
