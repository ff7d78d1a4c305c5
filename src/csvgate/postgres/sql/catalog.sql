-- Claims, deliveries, heads, and what has to be said. %(…)s are values.

-- name: begin
-- The first claim of a delivery that nobody has heard of.
INSERT INTO csvgate.catalog (delivery_id, bucket, key, state, uploaded_at, turn, delivery, owner, busy_until)
VALUES (%(delivery_id)s, %(bucket)s, %(key)s, %(state)s, %(uploaded_at)s, %(turn)s, %(delivery)s, %(owner)s,
        %(busy_until)s)
ON CONFLICT (delivery_id) DO NOTHING
RETURNING delivery_id

-- name: kept
SELECT delivery, owner, busy_until FROM csvgate.catalog WHERE delivery_id = %(delivery_id)s FOR UPDATE

-- name: claim_again
UPDATE csvgate.catalog
SET state = %(state)s, verdict = NULL, uploaded_at = %(uploaded_at)s, delivery = %(delivery)s, owner = %(owner)s,
    busy_until = %(busy_until)s
WHERE delivery_id = %(delivery_id)s

-- name: release
UPDATE csvgate.catalog SET owner = NULL, busy_until = NULL WHERE delivery_id = %(delivery_id)s AND owner = %(owner)s

-- name: hold
UPDATE csvgate.catalog SET busy_until = %(until)s WHERE delivery_id = %(delivery_id)s AND owner = %(owner)s
RETURNING delivery_id

-- name: loading
UPDATE csvgate.catalog SET state = %(state)s, delivery = %(delivery)s WHERE delivery_id = %(delivery_id)s

-- name: alone_with_key
-- Whoever decides about the head of a key does so alone; another key with the same hash waits in vain, and no more.
SELECT pg_advisory_xact_lock(hashtextextended(%(bucket)s || '/' || %(key)s, 0))

-- name: record
INSERT INTO csvgate.catalog
    (delivery_id, bucket, key, state, verdict, uploaded_at, turn, delivery, column_names)
VALUES (%(delivery_id)s, %(bucket)s, %(key)s, %(state)s, %(verdict)s, %(uploaded_at)s, %(turn)s, %(delivery)s,
        %(column_names)s)
ON CONFLICT (delivery_id) DO UPDATE
SET state = excluded.state, verdict = excluded.verdict, uploaded_at = excluded.uploaded_at,
    delivery = excluded.delivery, column_names = excluded.column_names, owner = NULL, busy_until = NULL

-- name: name_columns
UPDATE csvgate.catalog SET column_names = %(column_names)s WHERE delivery_id = %(delivery_id)s

-- name: head
SELECT delivery_id, sequencer FROM csvgate.catalog_heads WHERE bucket = %(bucket)s AND key = %(key)s

-- name: put_first
INSERT INTO csvgate.catalog_heads (bucket, key, delivery_id, sequencer)
VALUES (%(bucket)s, %(key)s, %(delivery_id)s, %(sequencer)s)
ON CONFLICT (bucket, key) DO UPDATE SET delivery_id = excluded.delivery_id, sequencer = excluded.sequencer

-- name: get
SELECT delivery FROM csvgate.catalog WHERE delivery_id = %(delivery_id)s

-- name: head_delivery
SELECT delivery FROM csvgate.catalog JOIN csvgate.catalog_heads USING (delivery_id, bucket, key)
WHERE bucket = %(bucket)s AND key = %(key)s

-- name: known
SELECT delivery FROM csvgate.catalog WHERE delivery_id IN (SELECT jsonb_array_elements_text(%(delivery_ids)s))

-- name: page
-- The newest first, after the one that was the last of the page before; what is NULL does not narrow.
SELECT delivery, uploaded_at, turn FROM csvgate.catalog
WHERE (bucket, key) = (coalesce(%(bucket)s, bucket), coalesce(%(key)s, key))
  AND state = coalesce(%(state)s, state)
  AND (%(verdict)s::text IS NULL OR verdict = %(verdict)s)
  AND (%(day)s::date IS NULL OR uploaded_at >= %(day)s::date AND uploaded_at < %(day)s::date + 1)
  AND uploaded_at <= coalesce(%(until)s, 'infinity'::timestamptz)
  AND (uploaded_at, turn) < (coalesce(%(before)s, 'infinity'::timestamptz), coalesce(%(turn)s, ''))
ORDER BY uploaded_at DESC, turn DESC
LIMIT %(limit)s

-- name: tell
INSERT INTO csvgate.notices (channel, dedup_id, delivery_id, delivery)
VALUES (%(channel)s, %(dedup_id)s, %(delivery_id)s, %(delivery)s)
ON CONFLICT (channel, dedup_id) DO UPDATE SET delivery = excluded.delivery, tries = 0, due_at = excluded.due_at

-- name: notices_of
SELECT delivery, channel, tries FROM csvgate.notices WHERE delivery_id = %(delivery_id)s ORDER BY channel, dedup_id

-- name: notices_due
SELECT delivery, channel, tries FROM csvgate.notices WHERE due_at <= %(now)s ORDER BY due_at, channel, dedup_id

-- name: postpone
UPDATE csvgate.notices SET tries = %(tries)s, due_at = %(due_at)s
WHERE channel = %(channel)s AND dedup_id = %(dedup_id)s

-- name: close
DELETE FROM csvgate.notices WHERE channel = %(channel)s AND dedup_id = %(dedup_id)s
