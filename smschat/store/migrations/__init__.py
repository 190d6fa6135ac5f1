"""One file for each version of the tables, never edited after a release; `schema.py` carries them out."""
