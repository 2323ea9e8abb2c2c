/*
title = "Punctuality"
summary = "How punctual each airline was in each month, with a chart."
source = "flights"
icon = "plane"

[[params]]
name = "period"
type = "date-range"
presets = ["all", "last-month", "last-year"]
default = "all"
span = "SELECT min(flown_on), max(flown_on) FROM flights"

[[params]]
name = "late"
label = "Late from (minutes)"
type = "integer"
required = true
default = 15
least = 1
most = 1440

[[params]]
name = "carrier"
label = "Airline"
type = "choice"
query = "SELECT carrier FROM airlines ORDER BY carrier"
empty = "All airlines"

[columns.flights]
type = "integer"
total = true

[columns.cancelled]
type = "integer"
total = true

[columns.on_time]
label = "On time"
type = "percent"

[columns.delay]
label = "Average delay (minutes)"
type = "number"

[chart]
type = "line"
title = "Arrivals on time"
x = "month"
y = "on_time"
series = "airline"
*/
SELECT f.carrier,
       a.name AS airline,
       substr(CAST(f.flown_on AS text), 1, 7) AS month,
       count(*) AS flights,
       count(*) FILTER (WHERE f.dep_time IS NULL) AS cancelled,
       round(1.0 * count(*) FILTER (WHERE f.arr_delay < :late) / count(*), 4) AS on_time,
       round(avg(f.arr_delay), 2) AS delay
FROM flights AS f
JOIN airlines AS a ON a.carrier = f.carrier
WHERE f.flown_on BETWEEN :period_from AND :period_until
  AND (CAST(:carrier AS text) IS NULL OR f.carrier = :carrier)
GROUP BY f.carrier, a.name, substr(CAST(f.flown_on AS text), 1, 7)
ORDER BY 1, 3
