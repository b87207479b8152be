"""Finding: the analyzer, the note index and what a query means."""
