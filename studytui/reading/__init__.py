"""What comes in from outside: subscriptions, pulling, the library of articles."""
