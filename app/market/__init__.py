"""The public market: what is for sale, in English and Urdu, for anybody and without scripts."""
