"""Many versions of a text: facts and sentences followed from one to the next."""
