"""What leaves: the plan, the copy without what the plan removes, and the proof on its very bytes."""
