"""What a desk shows of an index: its stories newest first, searched and filtered, their texts, and what each text brought."""
