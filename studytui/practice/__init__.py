"""One small pure tool for each system that the articles name."""
