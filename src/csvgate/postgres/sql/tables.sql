-- Targets and their tables. {…} are names of tables and columns; %(…)s are values.

-- name: offer
INSERT INTO csvgate.targets (name, relation, disposition, keys, columns)
VALUES (%(name)s, NULL, %(disposition)s, %(keys)s, '[]')
ON CONFLICT (name) DO NOTHING
RETURNING target

-- name: lock
-- One load at a time into a target: its rows are numbered by one sequence, and one of them is seen.
SELECT target, relation, disposition, keys, columns FROM csvgate.targets WHERE name = %(name)s FOR UPDATE

-- name: lock_number
SELECT target FROM csvgate.targets WHERE target = %(target)s FOR UPDATE

-- name: describe
UPDATE csvgate.targets SET relation = %(relation)s, columns = %(columns)s WHERE target = %(target)s

-- name: alone
-- Who names a new table waits for whoever does, and sees that name then.
SELECT pg_advisory_xact_lock(7316240884)

-- name: relations
SELECT relation FROM csvgate.targets WHERE relation IS NOT NULL

-- name: create
-- The delivery and the row number come from the session where the bytes are taken as they are.
CREATE SEQUENCE {sequence};
CREATE TABLE {table} (
    {columns},
    _delivery integer NOT NULL DEFAULT current_setting('csvgate.delivery')::integer,
    _row bigint NOT NULL DEFAULT nextval({sequence_name})
);
CREATE INDEX ON {table} USING brin (_delivery)

-- name: create_key
CREATE UNIQUE INDEX ON {table} ({keys})

-- name: types
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped

-- name: add_column
ALTER TABLE {table} ADD COLUMN {column}

-- name: retype
-- All at once, as the table is written anew; no row has a value in them.
ALTER TABLE {table} {changes}

-- name: has_values
SELECT EXISTS (SELECT FROM {table} WHERE num_nonnulls({columns}) > 0)

-- name: hide
DROP VIEW {view}

-- name: grants
-- Who may do what with a view, to be granted again when it is made anew.
SELECT privilege_type,
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
    || CASE WHEN is_grantable AND grantee <> 0 THEN ' WITH GRANT OPTION' ELSE '' END
FROM pg_class, aclexplode(relacl) WHERE oid = %(view)s::regclass

-- name: grant
GRANT {grant} ON {view} TO {role}

-- name: show
-- Of a table whose rows are replaced, readers see one delivery.
CREATE OR REPLACE VIEW {view} AS
    SELECT _delivery, _row, {columns} FROM {table}
    WHERE _delivery IN (SELECT delivery FROM csvgate.load_ledger WHERE target = {target} AND state = 'live')

-- name: number_rows
SELECT setval(%(sequence)s, 1, false), set_config('csvgate.delivery', %(delivery)s, true)

-- name: count
SELECT count(*) FROM {table} WHERE {delivery} = %(delivery)s

-- name: remove
DELETE FROM {table} WHERE {delivery} = %(delivery)s

-- name: stage
CREATE TEMPORARY TABLE {staging} (LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP

-- name: lacks_key
SELECT _row FROM {staging} WHERE num_nulls({keys}) > 0 ORDER BY _row LIMIT 1

-- name: merge
-- Of rows with the same key in one file the last one counts, as it would in two files. What a newer delivery has
-- brought stays as it is, whatever comes late or is loaded again: at the same time, what was first heard of gives way.
INSERT INTO {table} AS own ({columns}, _delivery, _row)
SELECT DISTINCT ON ({keys}) {columns}, _delivery, _row FROM {staging} ORDER BY {keys}, _row DESC
ON CONFLICT ({keys}) DO UPDATE SET {updates}
WHERE NOT EXISTS (
    SELECT FROM csvgate.deliveries o, csvgate.deliveries n
    WHERE o.delivery = own._delivery AND n.delivery = excluded._delivery AND o.delivery <> n.delivery
    AND (
        NOT csvgate.comes_after(
            CASE WHEN (n.bucket, n.key) = (o.bucket, o.key) THEN n.sequencer ELSE '' END,
            n.uploaded_at, o.sequencer, o.uploaded_at
        )
        OR (o.bucket, o.key) <> (n.bucket, n.key) AND o.uploaded_at = n.uploaded_at AND o.delivery > n.delivery
    )
)

-- name: count_merged
-- The rows that were staged, their different keys, and the rows of the table that have these.
WITH different AS (SELECT DISTINCT {keys} FROM {staging})
SELECT (SELECT count(*) FROM {staging}), (SELECT count(*) FROM different),
    (SELECT count(*) FROM {table} AS own JOIN different ON {same_keys})
