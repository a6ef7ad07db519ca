"""The readers: spreadsheets, text files and YAML become records, with every problem and its place."""
