-- PostgreSQL as the catalog: who works on a delivery, what became of it, and who has to be told.

-- `delivery` is the delivery as messages carry it, in ASCII: an object key may hold what jsonb does not take.
CREATE TABLE csvgate.catalog (
    delivery_id   text COLLATE "C" PRIMARY KEY,
    bucket        text COLLATE "C" NOT NULL,
    key           text COLLATE "C" NOT NULL,
    state         text NOT NULL,
    verdict       text,
    uploaded_at   timestamptz NOT NULL,
    turn          text COLLATE "C" NOT NULL,  -- of those that were uploaded in the same second, the highest is the newest
    delivery      text NOT NULL,
    column_names  text NOT NULL DEFAULT '[]',
    owner         text,
    busy_until    timestamptz
);
CREATE INDEX ON csvgate.catalog (bucket, key, uploaded_at, turn);
CREATE INDEX ON csvgate.catalog (uploaded_at, turn);
CREATE INDEX ON csvgate.catalog (state, uploaded_at, turn);
CREATE INDEX ON csvgate.catalog (verdict, uploaded_at, turn);

-- Which delivery leads a key, and the sequencer that one has to exceed to follow it; '' if there is none.
CREATE TABLE csvgate.catalog_heads (
    bucket       text COLLATE "C" NOT NULL,
    key          text COLLATE "C" NOT NULL,
    delivery_id  text COLLATE "C" NOT NULL REFERENCES csvgate.catalog,
    sequencer    text COLLATE "C" NOT NULL,
    PRIMARY KEY (bucket, key)
);

-- What has to be said on a channel, and was not yet.
CREATE TABLE csvgate.notices (
    channel      text NOT NULL,
    dedup_id     text COLLATE "C" NOT NULL,
    delivery_id  text COLLATE "C" NOT NULL,
    delivery     text NOT NULL,
    tries        integer NOT NULL DEFAULT 0,
    due_at       timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (channel, dedup_id)
);
CREATE INDEX ON csvgate.notices (delivery_id);
CREATE INDEX ON csvgate.notices (due_at);
