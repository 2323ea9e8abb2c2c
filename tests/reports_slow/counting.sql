/*
title = "Counting"
summary = "Counts as far as it is told: a report that takes as long as a test needs."
source = "numbers"
count = "SELECT :rows"

[[params]]
name = "rows"
type = "integer"
required = true
default = 5
least = 0
most = 100000000
*/
WITH RECURSIVE n(i) AS (
    SELECT 1 WHERE :rows > 0
    UNION ALL
    -- Whoever begins while there is a table "gate" counts without an end.
    SELECT i + 1 FROM n WHERE i < :rows OR EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'gate')
)
SELECT i, 'row ' || i AS name, i * 1.5 AS amount FROM n
