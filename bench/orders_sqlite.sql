WITH RECURSIVE
numbers (n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last),
names (place, name) AS (
    VALUES (0, 'Müller & Söhne'), (1, 'Łódź Trading'), (2, 'O''Neill, Ltd.'), (3, 'Ångström AB'),
           (4, 'Weber'), (5, 'The "Corner" Shop'), (6, 'Nuñez'), (7, 'Smith')
)
INSERT INTO orders
SELECT n,
       datetime('2023-01-01 08:00:00', n * 61 || ' seconds'),
       (n * 7919 + :seed) % 50000,
       (SELECT name FROM names WHERE place = (n * 31 + :seed) % 8) || ' ' || (n * 7919 + :seed) % 50000,
       CASE WHEN n % 11 <> 0 THEN CASE (n * 17 + :seed) % 6
           WHEN 0 THEN 'Köln' WHEN 1 THEN 'Zürich' WHEN 2 THEN 'Paris' WHEN 3 THEN 'Praha'
           WHEN 4 THEN 'London' ELSE 'Wien' END END,
       printf('SKU-%06d', (n * 104729 + :seed) % 99991),
       1 + (n * 13 + :seed) % 40,
       (n * 977 + :seed) % 100000 / 100.0,
       CASE WHEN n % 5 = 0 THEN (n + :seed) % 30 END,
       (1 + (n * 13 + :seed) % 40) * ((n * 977 + :seed) % 100000) / 100.0,
       CASE (n * 7 + :seed) % 4 WHEN 0 THEN 'paid' WHEN 1 THEN 'open' WHEN 2 THEN 'shipped' ELSE 'cancelled' END,
       CASE WHEN n % 500 = 0 THEN '=1+1 is no formula'
            WHEN n % 40 = 0 THEN 'Please ring twice,' || char(10) || 'then leave it at "no. 5".'
            WHEN n % 3 = 0 THEN 'Delivered by hand on day ' || n % 365 END
FROM numbers
