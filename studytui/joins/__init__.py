"""Where the areas meet: what is due today, what the learner remembers, taking back, health."""
