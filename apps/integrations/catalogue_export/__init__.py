"""The catalogue as files that the import reads back: csv, xlsx, BMEcat 2005.

1. Products stream by SKU, so many at a time; memory does not grow with their number. (`products`)
2. What is written is what the import understands under the same names: the file comes back as unchanged.
3. No cell starts a formula: a workbook holds texts, and a csv guards such a text with an apostrophe that the import
   takes off again, so that the SKU `-10A` stays `-10A`. (`sheets`, `bmecat`)
"""
