-- Key-value state: see workers/parallax_cloudflare/state.py.
CREATE TABLE items (
    collection TEXT NOT NULL,
    key        TEXT NOT NULL,
    value      TEXT NOT NULL,
    version    TEXT NOT NULL,
    expires_at INTEGER, -- seconds of the epoch
    PRIMARY KEY (collection, key)
) WITHOUT ROWID;

-- What has expired is taken away by other writes; items without an end have no row here, and cost none.
CREATE INDEX items_expires_at ON items (expires_at) WHERE expires_at IS NOT NULL;
