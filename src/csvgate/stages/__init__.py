"""Both stages as Lambda and the worker run them: a message in, whether it is through out, all of it in the log."""
