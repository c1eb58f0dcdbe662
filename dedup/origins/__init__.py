"""Origins: which texts of a story share their wording, which of them was first, and who carries whom."""
