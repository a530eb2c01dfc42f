"""The register of policy actors and frameworks, which Part E draws on (S29)."""
