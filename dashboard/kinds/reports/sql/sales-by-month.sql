/*
title = "Sales by month"
summary = "Orders, customers and revenue of each month, with a chart. Cancelled orders are left out."
source = "shop"
icon = "calendar-range"

[[params]]
name = "period"
type = "date-range"
presets = ["this-year", "last-year", "last-quarter", "all"]
default = "last-year"
span = "SELECT min(ordered_on), max(ordered_on) FROM orders"

[[params]]
name = "region"
type = "choice"
query = "SELECT name FROM regions ORDER BY id"
empty = "All regions"

[columns.orders]
type = "integer"
total = true

[columns.customers]
label = "Customers who ordered"
type = "integer"

[columns.pieces]
type = "integer"
total = true

[columns.revenue]
label = "Revenue (€)"
type = "money"
total = true

[chart]
type = "bar"
title = "Revenue by month"
unit = "€"
x = "month"
y = "revenue"
*/
SELECT c.month,
       count(DISTINCT o.id) AS orders,
       count(DISTINCT o.customer_id) AS customers,
       sum(l.quantity) AS pieces,
       round(sum(l.amount), 2) AS revenue
FROM orders AS o
JOIN calendar AS c ON c.day = o.ordered_on
JOIN customers AS k ON k.id = o.customer_id
JOIN regions AS r ON r.id = k.region_id
JOIN order_lines AS l ON l.order_id = o.id
WHERE o.ordered_on BETWEEN :period_from AND :period_until
  AND o.status <> 'cancelled'
  AND (CAST(:region AS text) IS NULL OR r.name = :region)
GROUP BY c.month
ORDER BY c.month
