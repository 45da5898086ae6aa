"""How far the generated cases get: past the originals' checks where these run here, past what was
read of the source elsewhere. ``python -m reach`` writes docs/results/cases.md."""
