"""What is known of languages: tokens, sentences, numbers, lexicons, and characters that are not seen."""
