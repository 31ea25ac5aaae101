"""How staff write dates, and how they read them; Django finds the language's folder by its name."""
