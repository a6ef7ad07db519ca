"""The plan: what each commitment costs, who pays, what is missing, and what loses funding first."""
