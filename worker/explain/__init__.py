"""An article and its classification, laid open for a person: where it came from (`subject`,
`fetch`), what was made of it and why (`laid_open`, pure), and how that looks (`shown`)."""
