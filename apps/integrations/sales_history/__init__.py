"""A distributor's past, from its invoice-line export: accounts, products, orders, invoices, prices as evidenced.

1. Stage: every row of the file is kept as it stood, and as it could be read. (`reading`, `staging`)
2. Sort: each line becomes one of goods, cancellation, charge, quarantined with a reason, exact duplicate. (`sorting`)
3. Net: a cancellation takes back what the same customer bought of the same SKU before. (`netting`)
4. Load: accounts, products, prices with their breaks, orders with invoices and credit notes. (`loading`, `evidence`)
5. Reconcile: lines and amounts of the five kinds add up to the file. (`reconciliation`)

Each step is repeatable and notes how far it came, so a run that was killed goes on where it stopped.
"""
