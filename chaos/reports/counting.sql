/*
title = "Counting"
summary = "Rows out of nothing, each with some work; its day makes every job and file name its own."
source = "numbers"
count = "SELECT :rows"
title_template = "{title}, {day}"

[[params]]
name = "rows"
type = "integer"
required = true
default = 10
least = 1

[[params]]
name = "day"
type = "date"
required = true
*/
WITH RECURSIVE n(i) AS (
    SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows
)
SELECT i, 'row ' || i || ' of ' || :day AS name, length(hex(zeroblob(20000 + i % 7))) AS amount FROM n
