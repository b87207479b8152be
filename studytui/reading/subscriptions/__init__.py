"""feeds.yaml and OPML: what the learner follows."""
