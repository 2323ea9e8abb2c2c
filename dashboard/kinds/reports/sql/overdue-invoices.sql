/*
title = "Overdue invoices"
summary = "Invoices that were due and not paid on a day, the oldest first, with a chart by age."
source = "shop"
icon = "receipt"
title_template = "{title}, {as_of}"

[[params]]
name = "as_of"
label = "On the day"
type = "date"
required = true
default = "today"
help = "What was paid later counts as unpaid on that day."

[[params]]
name = "least_amount"
label = "From an amount of (€)"
type = "number"
required = true
default = 0
least = 0

[columns.days]
label = "Days overdue"
type = "integer"

[columns.invoice]
label = "Invoice number"

[columns.issued_on]
type = "date"

[columns.due_on]
type = "date"

[columns.amount]
label = "Amount (€)"
type = "money"
total = true

[chart]
type = "bar"
title = "Overdue by age"
unit = "€"
x = "age"
y = "amount"
*/
WITH overdue AS (
    SELECT i.*, today.number - due.number AS days
    FROM invoices AS i
    JOIN calendar AS due ON due.day = i.due_on
    JOIN calendar AS today ON today.day = :as_of
    WHERE i.due_on < :as_of
      AND (i.paid_on IS NULL OR i.paid_on > :as_of)
      AND i.amount >= :least_amount
)
SELECT CASE
           WHEN v.days > 180 THEN 'Over 180 days'
           WHEN v.days > 90 THEN '91 to 180 days'
           WHEN v.days > 30 THEN '31 to 90 days'
           WHEN v.days > 14 THEN '15 to 30 days'
           ELSE '1 to 14 days'
       END AS age,
       v.days,
       v.number AS invoice,
       v.issued_on,
       v.due_on,
       v.amount,
       k.number AS customer_number,
       k.name AS customer,
       k.email,
       r.name AS region
FROM overdue AS v
JOIN customers AS k ON k.id = v.customer_id
JOIN regions AS r ON r.id = k.region_id
ORDER BY v.days DESC, v.id
