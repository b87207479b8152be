"""What is run as a process of its own: the floors, which do the bare work and nothing else, and steps of ours."""
