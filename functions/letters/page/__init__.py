"""The page of a letter: its content, its layout, and the check before printing."""
