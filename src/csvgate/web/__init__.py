"""The door for people and programs outside the terminal: an HTTP API, and pages made of the same receipts."""
