"""From bytes to typed entries, in a child process that can be killed."""
