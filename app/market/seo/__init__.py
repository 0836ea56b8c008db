"""What search engines, chats and apps are told of a page of the market: one address, both languages, and its facts."""

from app.market.seo.dealer import dealer
from app.market.seo.head import Head, head
from app.market.seo.pages import WORDS, heading, of_home, of_landing, of_listing, of_results, of_words, steps

__all__ = [
    "WORDS", "Head", "dealer", "head", "heading", "of_home", "of_landing", "of_listing", "of_results", "of_words",
    "steps",
]  # fmt: skip
