-- What the sink did and the catalog may not have heard of. %(…)s are values.

-- name: post
INSERT INTO csvgate.outbox (delivery, dedup, payload) VALUES (%(delivery)s, %(dedup)s, %(payload)s)
ON CONFLICT (dedup) DO NOTHING

-- name: last
-- What was done last with a delivery, whether the catalog has it or not.
SELECT o.payload->>'delivery', o.heard_at IS NULL
FROM csvgate.outbox o JOIN csvgate.deliveries d USING (delivery)
WHERE d.delivery_id = %(delivery_id)s
ORDER BY o.message DESC LIMIT 1

-- name: due
-- Of each delivery what was done last, and what was done before is said with it.
SELECT o.message, o.payload->>'delivery' FROM csvgate.outbox o
WHERE o.heard_at IS NULL AND o.made_at <= %(before)s AND o.message > %(after)s
  AND NOT EXISTS (SELECT FROM csvgate.outbox later WHERE later.delivery = o.delivery AND later.message > o.message)
ORDER BY o.message LIMIT %(limit)s

-- name: close
UPDATE csvgate.outbox o SET heard_at = now() FROM csvgate.outbox heard
WHERE heard.dedup = %(dedup)s AND o.delivery = heard.delivery AND o.message <= heard.message AND o.heard_at IS NULL

-- name: forget
DELETE FROM csvgate.outbox o USING csvgate.deliveries d WHERE d.delivery = o.delivery AND d.delivery_id = %(delivery_id)s
