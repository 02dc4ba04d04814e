"""The fictional dataset in data/raw: `python -m tests.example DIR` writes it anew, from nothing but a seed."""
