"""The local stack: an embedded AWS as a child process, and the deployed pipeline in it."""
