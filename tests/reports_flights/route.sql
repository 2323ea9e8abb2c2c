/*
title = "Flights of a route"
summary = "Every flight between two airports in a period."
source = "flights"
icon = "plane"
title_template = "Flights from {origin} to {dest}, {period}"

[[params]]
name = "origin"
label = "From"
type = "choice"
choices = [["EWR", "Newark (EWR)"], ["JFK", "John F. Kennedy (JFK)"], ["LGA", "LaGuardia (LGA)"]]
required = true
default = "JFK"

[[params]]
name = "dest"
label = "To"
type = "choice"
query = "SELECT DISTINCT dest FROM flights ORDER BY dest"
required = true
default = "LAX"

[[params]]
name = "period"
type = "date-range"
presets = ["all", "last-month"]
default = "all"
span = "SELECT min(flown_on), max(flown_on) FROM flights"

[columns.flown_on]
label = "Day"
type = "date"

[columns.distance]
label = "Distance (miles)"
type = "integer"
total = true

[columns.time_hour]
label = "Scheduled hour"
type = "datetime"
*/
SELECT f.flown_on,
       f.carrier,
       f.flight,
       f.tailnum,
       p.manufacturer,
       p.model,
       f.sched_dep_time,
       f.dep_time,
       f.dep_delay,
       f.arr_delay,
       f.air_time,
       f.distance,
       f.time_hour
FROM flights AS f
LEFT JOIN planes AS p ON p.tailnum = f.tailnum
WHERE f.origin = :origin
  AND f.dest = :dest
  AND f.flown_on BETWEEN :period_from AND :period_until
ORDER BY f.flown_on, f.sched_dep_time, f.carrier, f.flight
