"""Libraries' own tests, recorded, replayed and shadowed: ``make replay`` runs them on the CPU.

``subjects`` names the trees, ``runs`` takes one through all steps, ``page`` is the table.
"""
