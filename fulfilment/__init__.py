"""Acting in the company's systems: plan, steps, adapters, package."""
