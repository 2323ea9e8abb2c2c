SELECT n::integer AS order_id,
       timestamptz '2023-01-01 08:00:00+00' + make_interval(secs => n * 61) AS ordered_at,
       ((n * 7919 + :seed) % 50000)::integer AS customer_id,
       (ARRAY['Müller & Söhne', 'Łódź Trading', 'O''Neill, Ltd.', 'Ångström AB', 'Weber', 'The "Corner" Shop', 'Nuñez', 'Smith'])[1 + (n * 31 + :seed) % 8] || ' ' || (n * 7919 + :seed) % 50000 AS customer,
       CASE WHEN n % 11 <> 0 THEN (ARRAY['Köln', 'Zürich', 'Paris', 'Praha', 'London', 'Wien'])[1 + (n * 17 + :seed) % 6] END AS city,
       'SKU-' || lpad(((n * 104729 + :seed) % 99991)::text, 6, '0') AS sku,
       (1 + (n * 13 + :seed) % 40)::integer AS quantity,
       (((n * 977 + :seed) % 100000)::numeric / 100)::numeric(10, 2) AS unit_price,
       CASE WHEN n % 5 = 0 THEN ((n + :seed) % 30)::numeric(5, 2) END AS discount,
       ((1 + (n * 13 + :seed) % 40) * ((n * 977 + :seed) % 100000)::numeric / 100)::numeric(12, 2) AS amount,
       (ARRAY['paid', 'open', 'shipped', 'cancelled'])[1 + (n * 7 + :seed) % 4] AS status,
       CASE WHEN n % 500 = 0 THEN '=1+1 is no formula'
            WHEN n % 40 = 0 THEN E'Please ring twice,\nthen leave it at "no. 5".'
            WHEN n % 3 = 0 THEN 'Delivered by hand on day ' || n % 365 END AS note
FROM generate_series(:first::bigint, :last::bigint) AS n
