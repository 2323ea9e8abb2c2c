/*
title = "Sales by region"
summary = "Orders, pieces and revenue of each region and category, with a chart."
source = "shop"
icon = "chart-column"

[[params]]
name = "period"
type = "date-range"
presets = ["last-month", "this-month", "last-quarter", "this-year", "last-year", "all"]
default = "last-month"
span = "SELECT min(ordered_on), max(ordered_on) FROM orders"
help = "Cancelled orders are left out."

[[params]]
name = "channel"
type = "choice"
choices = ["Web", "Phone", "Shop", "Fair"]
empty = "All channels"

[columns.orders]
type = "integer"

[columns.pieces]
type = "integer"
total = true

[columns.revenue]
label = "Revenue (€)"
type = "money"
total = true

[columns.share]
label = "Share of all revenue"
type = "percent"

[chart]
type = "bar"
title = "Revenue by category and region"
unit = "€"
x = "category"
y = "revenue"
series = "region"
*/
SELECT r.name AS region,
       p.category,
       count(DISTINCT o.id) AS orders,
       sum(l.quantity) AS pieces,
       round(sum(l.amount), 2) AS revenue,
       round(sum(l.amount) / sum(sum(l.amount)) OVER (), 4) AS share
FROM orders AS o
JOIN customers AS k ON k.id = o.customer_id
JOIN regions AS r ON r.id = k.region_id
JOIN order_lines AS l ON l.order_id = o.id
JOIN products AS p ON p.id = l.product_id
WHERE o.ordered_on BETWEEN :period_from AND :period_until
  AND o.status <> 'cancelled'
  AND (CAST(:channel AS text) IS NULL OR o.channel = :channel)
GROUP BY r.id, r.name, p.category
ORDER BY r.id, p.category
