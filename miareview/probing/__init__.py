"""Questions to a judge whose answer is known: responses changed so that one demand is certainly broken, or kept."""
