/*
title = "Best customers"
summary = "The customers with the most revenue in a period, with their orders and the last of them."
source = "shop"
icon = "users"

[[params]]
name = "period"
type = "date-range"
presets = ["last-month", "last-quarter", "this-year", "last-year", "all"]
default = "last-quarter"
span = "SELECT min(ordered_on), max(ordered_on) FROM orders"

[[params]]
name = "top"
label = "How many customers"
type = "integer"
required = true
default = 50
least = 1
most = 1000

[[params]]
name = "region"
type = "choice"
query = "SELECT name FROM regions ORDER BY id"
empty = "All regions"

[[params]]
name = "city"
type = "text"
help = "Only customers of this city, spelled as in their address."
empty = "All cities"

[columns.rank]
type = "integer"

[columns.number]
label = "Customer number"

[columns.orders]
type = "integer"
total = true

[columns.revenue]
label = "Revenue (€)"
type = "money"
total = true

[columns.average]
label = "Average order (€)"
type = "money"

[columns.last_order]
type = "date"
*/
SELECT row_number() OVER (ORDER BY sum(l.amount) DESC, k.id) AS rank,
       k.number,
       k.name AS customer,
       k.city,
       r.name AS region,
       count(DISTINCT o.id) AS orders,
       round(sum(l.amount), 2) AS revenue,
       round(sum(l.amount) / count(DISTINCT o.id), 2) AS average,
       max(o.ordered_on) AS last_order
FROM orders AS o
JOIN customers AS k ON k.id = o.customer_id
JOIN regions AS r ON r.id = k.region_id
JOIN order_lines AS l ON l.order_id = o.id
WHERE o.ordered_on BETWEEN :period_from AND :period_until
  AND o.status <> 'cancelled'
  AND (CAST(:region AS text) IS NULL OR r.name = :region)
  AND (CAST(:city AS text) IS NULL OR k.city = :city)
GROUP BY k.id, k.number, k.name, k.city, r.name
ORDER BY rank
LIMIT :top
