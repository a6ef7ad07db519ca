"""The writers: terminal, workbook, JSON, CSV, Parquet and the template, all written atomically."""
