-- Deliveries and what was loaded of them. The schema `csvgate` is made by `csvgate migrate`, with its own table.
-- Buckets, keys and sequencers are compared byte by byte: COLLATE "C".

-- The typed tables of feeds stand in a schema of their own, so that no feed can be called like a table of ours.
CREATE SCHEMA csvgate_data;

-- A delivery has a small number in here, so that rows do not carry long ids.
CREATE TABLE csvgate.deliveries (
    delivery     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id  text COLLATE "C" NOT NULL UNIQUE,
    bucket       text COLLATE "C" NOT NULL,
    key          text COLLATE "C" NOT NULL,
    version_id   text COLLATE "C",
    sequencer    text COLLATE "C" NOT NULL,  -- in fixed width; '' where the event had none
    uploaded_at  timestamptz NOT NULL,
    facts        jsonb NOT NULL
);
CREATE INDEX ON csvgate.deliveries (bucket, key);

-- The newest delivery of each key that came to be loaded.
CREATE TABLE csvgate.heads (
    bucket       text COLLATE "C" NOT NULL,
    key          text COLLATE "C" NOT NULL,
    delivery     integer NOT NULL REFERENCES csvgate.deliveries,
    sequencer    text COLLATE "C" NOT NULL,
    uploaded_at  timestamptz NOT NULL,
    PRIMARY KEY (bucket, key)
);

-- Where rows go. `relation` is what readers of the typed table SELECT from, in csvgate_data; NULL: csvgate.live_rows.
-- `columns` is the name map: [{"name": as in the file, "column": as in the table, "type": …}, …].
CREATE TABLE csvgate.targets (
    target       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL UNIQUE,
    relation     text UNIQUE,
    disposition  text NOT NULL CHECK (disposition IN ('append', 'replace', 'merge')),
    keys         jsonb NOT NULL,
    columns      jsonb NOT NULL
);

-- What was loaded, and whether readers see it:
--   live        its rows are seen
--   kept        its rows are there, but another delivery replaced them; an undo may bring them back
--   dropped     its rows are gone: replaced twice, or loaded again as a later generation
--   undone      its rows were taken back on purpose
--   superseded  it came after a newer version of its key, and was never loaded
CREATE TABLE csvgate.load_ledger (
    delivery          integer NOT NULL REFERENCES csvgate.deliveries,
    generation        integer NOT NULL CHECK (generation > 0),
    target            integer NOT NULL REFERENCES csvgate.targets,
    relation          text,           -- where the rows of this load are; NULL: csvgate.rows
    state             text NOT NULL CHECK (state IN ('live', 'kept', 'dropped', 'undone', 'superseded')),
    rows_loaded       bigint NOT NULL,
    rows_quarantined  bigint NOT NULL,
    sha256            text,
    columns           jsonb NOT NULL,  -- the names of the columns, as in the file
    loaded_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (delivery, generation)
);
CREATE INDEX ON csvgate.load_ledger (target, state) WHERE state IN ('live', 'kept');

-- Rows of any shape: the cells in the order of the columns, as text, null where there is no value.
CREATE TABLE csvgate.rows (
    delivery  integer NOT NULL,
    row_no    bigint NOT NULL,
    values    jsonb NOT NULL,
    PRIMARY KEY (delivery, row_no)
);

-- What readers of rows of any shape are meant to read.
CREATE VIEW csvgate.live_rows AS
    SELECT t.name AS target, d.bucket, d.key, d.delivery_id, r.row_no, l.columns, r.values
    FROM csvgate.rows r
    JOIN csvgate.load_ledger l ON l.delivery = r.delivery AND l.state = 'live'
    JOIN csvgate.deliveries d ON d.delivery = r.delivery
    JOIN csvgate.targets t ON t.target = l.target;

-- What others have to be told: sent at least once, and taken once by whoever drops a dedup that he has seen.
CREATE TABLE csvgate.outbox (
    message  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dedup    text NOT NULL UNIQUE,
    payload  jsonb NOT NULL,
    made_at  timestamptz NOT NULL DEFAULT now(),
    sent_at  timestamptz
);
CREATE INDEX ON csvgate.outbox (message) WHERE sent_at IS NULL;

-- Whether one version of a key comes after another: by their sequencers, where both have one, else by upload time.
CREATE FUNCTION csvgate.comes_after(sequencer text, uploaded_at timestamptz, old_sequencer text, old_at timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN sequencer <> '' AND old_sequencer <> '' THEN sequencer COLLATE "C" > old_sequencer COLLATE "C"
    ELSE uploaded_at >= old_at
END;
