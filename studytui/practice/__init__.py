"""One small pure tool for each system that the articles name, and the notes that hold what was entered.

``tool`` describes a tool and knows them all, ``record`` reads and edits the practice block of a note,
``records`` finds and saves those notes, ``report`` is what a tool answers and ``render`` turns it into text.
"""
