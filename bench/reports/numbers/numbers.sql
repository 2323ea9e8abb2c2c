/*
title = "Numbers"
summary = "As many rows as are asked for, out of nothing."
source = "numbers"
title_template = "{title}, {run}"

[[params]]
name = "rows"
type = "integer"
required = true
default = 10
least = 1

[[params]]
name = "run"
type = "integer"
required = true
default = 1

[columns.number]
type = "integer"

[columns.half]
type = "number"
*/
WITH RECURSIVE counting (number) AS (
    SELECT :run - :run + 1 UNION ALL SELECT number + 1 FROM counting WHERE number < :rows
)
SELECT number, 'Line ' || number AS name, number / 2.0 AS half, 'Köln' AS city FROM counting
