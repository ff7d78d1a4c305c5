-- What a sink did, for the catalog to hear. Until now nobody read these messages; what was loaded before is found by
-- `csvgate reconcile`, which compares the whole ledger with the catalog.

DROP TABLE csvgate.outbox;

-- Written in the transaction that loads or takes back, and closed when the catalog has it. `payload` names the delivery,
-- its generation and the outcome; `delivery` in it is the delivery as messages carry it, in ASCII, as the catalog is to
-- have it.
CREATE TABLE csvgate.outbox (
    message   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery  integer NOT NULL REFERENCES csvgate.deliveries,
    dedup     text NOT NULL UNIQUE,
    payload   jsonb NOT NULL,
    made_at   timestamptz NOT NULL DEFAULT now(),
    heard_at  timestamptz
);
CREATE INDEX ON csvgate.outbox (delivery, message);
CREATE INDEX ON csvgate.outbox (message) WHERE heard_at IS NULL;
