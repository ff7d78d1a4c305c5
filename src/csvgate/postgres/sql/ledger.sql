-- What is written of a load, and what readers see of it. {…} are names of tables; %(…)s are values.

-- name: told
-- What is known of the loads of a delivery, the latest first. No lock: what is finished does not change any more.
SELECT l.generation, l.state, l.rows_loaded, l.rows_quarantined, l.relation
FROM csvgate.load_ledger l JOIN csvgate.deliveries d USING (delivery)
WHERE d.delivery_id = %(delivery_id)s
ORDER BY l.generation DESC LIMIT 1

-- name: page
-- Deliveries in the order of their numbers, each with its latest load.
SELECT DISTINCT ON (l.delivery)
    l.delivery, d.delivery_id, l.generation, l.state, l.rows_loaded, l.rows_quarantined, l.relation
FROM csvgate.load_ledger l JOIN csvgate.deliveries d USING (delivery)
WHERE l.delivery > %(after)s
ORDER BY l.delivery, l.generation DESC
LIMIT %(limit)s

-- name: know
-- The delivery has a number. A twin that is on its way is waited for.
INSERT INTO csvgate.deliveries (delivery_id, bucket, key, version_id, sequencer, uploaded_at, facts)
VALUES (%(delivery_id)s, %(bucket)s, %(key)s, %(version_id)s, %(sequencer)s, %(uploaded_at)s, %(facts)s)
ON CONFLICT (delivery_id) DO NOTHING

-- name: number
SELECT delivery FROM csvgate.deliveries WHERE delivery_id = %(delivery_id)s

-- name: enter
-- The guard: of all who try, one gets a row back. An earlier generation than the latest is not entered either.
INSERT INTO csvgate.load_ledger
    (delivery, generation, target, relation, state, rows_loaded, rows_quarantined, sha256, columns)
SELECT %(delivery)s, %(generation)s, %(target)s, %(relation)s, 'live', 0, %(rows_quarantined)s, %(sha256)s, %(columns)s
WHERE NOT EXISTS (
    SELECT FROM csvgate.load_ledger WHERE delivery = %(delivery)s AND generation >= %(generation)s
)
ON CONFLICT DO NOTHING
RETURNING generation

-- name: conclude
UPDATE csvgate.load_ledger SET state = %(state)s, rows_loaded = %(rows_loaded)s, relation = %(relation)s
WHERE delivery = %(delivery)s AND generation = %(generation)s

-- name: is_late
-- Whether what is seen in the target came after this delivery, so that it must not be replaced by it.
SELECT EXISTS (
    SELECT FROM csvgate.load_ledger l
    JOIN csvgate.deliveries o USING (delivery)
    JOIN csvgate.deliveries n ON n.delivery = %(delivery)s
    WHERE l.target = %(target)s AND l.state = 'live' AND l.delivery <> n.delivery
    AND NOT csvgate.comes_after(
        CASE WHEN (n.bucket, n.key) = (o.bucket, o.key) THEN n.sequencer ELSE '' END,
        n.uploaded_at, o.sequencer, o.uploaded_at
    )
)

-- name: earlier
-- The loads of a delivery whose rows are still there, but for this generation.
SELECT generation, target, relation, state FROM csvgate.load_ledger
WHERE delivery = %(delivery)s AND generation <> %(generation)s AND state IN ('live', 'kept')

-- name: replaced_before
-- What was replaced once already: it cannot be brought back any more when another one is replaced.
SELECT delivery, generation, relation FROM csvgate.load_ledger
WHERE target = %(target)s AND state = 'kept' AND delivery <> %(delivery)s
AND EXISTS (
    SELECT FROM csvgate.load_ledger WHERE target = %(target)s AND state = 'live' AND delivery <> %(delivery)s
)

-- name: keep
-- What is seen now is seen no more, and kept.
UPDATE csvgate.load_ledger SET state = 'kept'
WHERE target = %(target)s AND state = 'live' AND delivery <> %(delivery)s

-- name: bring_back
UPDATE csvgate.load_ledger SET state = 'live' WHERE target = %(target)s AND state = 'kept'

-- name: mark
UPDATE csvgate.load_ledger SET state = %(state)s WHERE delivery = %(delivery)s AND generation = %(generation)s

-- name: lead
-- The head of the key moves forward only.
INSERT INTO csvgate.heads AS head (bucket, key, delivery, sequencer, uploaded_at)
SELECT bucket, key, delivery, sequencer, uploaded_at FROM csvgate.deliveries WHERE delivery = %(delivery)s
ON CONFLICT (bucket, key) DO UPDATE
SET delivery = excluded.delivery, sequencer = excluded.sequencer, uploaded_at = excluded.uploaded_at
WHERE csvgate.comes_after(excluded.sequencer, excluded.uploaded_at, head.sequencer, head.uploaded_at)

-- name: standing
-- The load of a delivery whose rows are there.
SELECT l.delivery, l.generation, l.target, l.relation, l.state
FROM csvgate.load_ledger l JOIN csvgate.deliveries d USING (delivery)
WHERE d.delivery_id = %(delivery_id)s AND l.state IN ('live', 'kept')

-- name: forget_loads
-- What stays of the loads: that they were, and numbers.
UPDATE csvgate.load_ledger l SET sha256 = NULL, columns = '[]'
FROM csvgate.deliveries d WHERE d.delivery = l.delivery AND d.delivery_id = %(delivery_id)s

-- name: forget_facts
UPDATE csvgate.deliveries SET facts = '{}' WHERE delivery_id = %(delivery_id)s
