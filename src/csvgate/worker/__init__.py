"""The stages outside of Lambda: messages in, the same steps as there, by several threads until a signal says stop."""
