"""What a reader sees: charts, tables, sentences, a workbook, and the pages they stand on."""
