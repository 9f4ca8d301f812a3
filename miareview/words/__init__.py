"""Words for codes and numbers: what commands, report and screens say of the statistics, written once."""
