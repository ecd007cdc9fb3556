"""No canary patient is left in clear anywhere: whole conversations, every scenario, every fault, every sink."""
