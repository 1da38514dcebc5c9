"""How good the data is: figures, the queue of what to mend, and marks on ways to reach people that lead nowhere."""
