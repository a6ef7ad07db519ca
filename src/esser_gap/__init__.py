"""Project what it costs a school district to keep its technology, who pays, and what is missing."""
