"""Pictures of products, taken in: what each file is, is decided by its content, never by its name.

1. An archive is refused before it is unpacked where it holds too much; each file is read to a limit of its own.
2. What stands elsewhere is fetched from a list of addresses, or from those an import names. (`addresses`, `lists`)
3. A file is opened as a picture of a known kind and written anew (`core.images`), or is a whole PDF. (`giving`)
4. It is given to the products it names: by SKU, or as the rows of an import say. (`batches`)
"""
