"""What a page says: the text that it shows, and what it says to who cannot see it."""

import re


def said(html: str) -> str:
    spoken = re.findall(r'(?:aria-label|alt|title|content|href)="([^"]*)"', html)
    return " | ".join([*spoken, re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL)])
