"""The records: what a budget, a source of money, a scenario and a mapping are."""
