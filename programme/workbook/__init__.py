"""The plan as a workbook: out to Excel, back in, checked row by row before anything is drafted."""
