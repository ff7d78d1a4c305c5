"""Every variable of the environment that csvgate knows: its name, its place in Settings, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

DATA_DIR = ".csvgate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One variable of the environment; `field` is its place in Settings and in `stack.json`."""

    name: str
    field: str
    meaning: str
    default: str = ""


SETTINGS = (
    Setting(
        name="CSVGATE_TARGET",
        field="target",
        meaning="`aws` for AWS itself, `local` for a stack on this machine",
        default="the local stack of this directory",
    ),
    Setting(
        name="CSVGATE_DATA_DIR",
        field="data_dir",
        meaning="where the local stack keeps its state and `stack.json`",
        default=DATA_DIR,
    ),
    Setting(
        name="AWS_ENDPOINT_URL",
        field="endpoint_url",
        meaning="where AWS is; on this machine, unless `CSVGATE_TARGET=aws`",
    ),
    Setting(
        name="AWS_REGION", field="region", meaning="the region, or else `AWS_DEFAULT_REGION`; a local stack has its own"
    ),
    Setting(
        name="AWS_ACCESS_KEY_ID",
        field="access_key",
        meaning="with the next two, who calls AWS; a local stack never sees them",
        default="as every AWS tool finds it",
    ),
    Setting(name="AWS_SECRET_ACCESS_KEY", field="secret_key", meaning="the secret of that key"),
    Setting(name="AWS_SESSION_TOKEN", field="session_token", meaning="the token of a key that holds for a while"),
    Setting(name="S3_BUCKET_NAME", field="bucket", meaning="the bucket in which files arrive"),
    Setting(
        name="CSVGATE_KEY_PREFIX",
        field="key_prefix",
        meaning=(
            "how the keys begin that the bucket tells of, as `KeyPrefix` or `key_prefix` says it there; "
            "nothing else in it is compared with the catalog"
        ),
    ),
    Setting(name="SQS_QUEUE_URL", field="arrivals_queue_url", meaning="the queue that the bucket notifies"),
    Setting(
        name="CSVGATE_ARRIVALS_DEAD_URL", field="arrivals_dead_url", meaning="the dead-letter queue of the arrivals"
    ),
    Setting(
        name="CSVGATE_INSPECTED_QUEUE_URL",
        field="inspected_queue_url",
        meaning="the queue between the two stages",
    ),
    Setting(
        name="CSVGATE_INSPECTED_DEAD_URL",
        field="inspected_dead_url",
        meaning="the dead-letter queue of the second stage",
    ),
    Setting(
        name="CSVGATE_RESULTS_BUCKET", field="results_bucket", meaning="the bucket in which full inspections are kept"
    ),
    Setting(
        name="CSVGATE_METADATA_TABLE",
        field="metadata_table",
        meaning="the table with one item per key, its newest delivery",
        default="MetadataTable",
    ),
    Setting(
        name="CSVGATE_DELIVERIES_TABLE",
        field="deliveries_table",
        meaning="the table with every delivery",
        default="csvgate-deliveries",
    ),
    Setting(
        name="CSVGATE_ROWS_TABLE",
        field="rows_table",
        meaning="the table of DynamoDB that rows go to, where a feed says so",
        default="csvgate-rows",
    ),
    Setting(
        name="DATABASE_URL",
        field="database_url",
        meaning="the PostgreSQL that rows go to, and the catalog, `postgresql://…?sslmode=verify-full`",
    ),
    Setting(
        name="CSVGATE_DATABASE_SECRET",
        field="database_secret",
        meaning=(
            "the secret of AWS Secrets Manager, by name or ARN, that holds who is let in there, "
            '`{"username": …, "password": …}`, or the whole address, `{"url": …}`'
        ),
    ),
    Setting(
        name="CSVGATE_CATALOG",
        field="catalog",
        meaning="where deliveries are recorded: `dynamodb` or `postgresql`",
        default="`postgresql` where a database is named, else `dynamodb`",
    ),
    Setting(
        name="CSVGATE_FEEDS",
        field="feeds",
        meaning="the file that says which keys are feeds, with their contracts and sinks: a path, or `s3://bucket/key`",
    ),
    Setting(
        name="CSVGATE_INSPECT_FUNCTION", field="inspect_function", meaning="the first stage", default="process_csv"
    ),
    Setting(name="CSVGATE_RECORD_FUNCTION", field="record_function", meaning="the second stage", default="record_csv"),
    Setting(
        name="CSVGATE_MAX_RECEIVE_COUNT",
        field="max_receive_count",
        meaning="how often a message is received before it is dead, as the queues have it",
        default="5",
    ),
    Setting(
        name="CSVGATE_LEASE_SECONDS",
        field="lease_seconds",
        meaning="how long a worker may hold a delivery; longer than a function may run",
        default="90",
    ),
    Setting(
        name="CSVGATE_RETRY_SECONDS",
        field="retry_seconds",
        meaning="how long a message that failed waits in a worker's queue; twice as long each time",
        default="60",
    ),
    Setting(
        name="CSVGATE_STATEMENT_SECONDS",
        field="statement_seconds",
        meaning="how long PostgreSQL may work on one statement, such as the load of a file; for functions, which end",
        default="without end",
    ),
    Setting(
        name="CSVGATE_RECONCILE_SECONDS",
        field="reconcile_seconds",
        meaning="how often a worker that records compares bucket and sinks with the catalog",
        default="never",
    ),
    Setting(
        name="CSVGATE_TOPIC_ARN", field="topic_arn", meaning="the SNS topic that is told what became of each delivery"
    ),
    Setting(name="CSVGATE_EVENT_BUS", field="event_bus", meaning="the EventBridge bus that is told the same"),
    Setting(name="CSVGATE_WEBHOOK_URL", field="webhook_url", meaning="the address that is told the same, signed"),
    Setting(
        name="CSVGATE_WEBHOOK_SECRET",
        field="webhook_secret",
        meaning="the secret of the signature, `whsec_…` (24 to 64 bytes in Base64)",
    ),
    Setting(
        name="CSVGATE_SLACK_URL",
        field="slack_url",
        meaning="the incoming webhook of a channel of Slack, or of what speaks like it",
    ),
    Setting(
        name="CSVGATE_SMTP_URL",
        field="smtp_url",
        meaning="the mail server, `smtp://user:password@host:587` (with STARTTLS) or `smtps://…`",
    ),
    Setting(name="CSVGATE_MAIL_FROM", field="mail_from", meaning="who sends mail"),
    Setting(name="CSVGATE_MAIL_TO", field="mail_to", meaning="who gets it; several with commas between"),
    Setting(
        name="CSVGATE_TELL_PEOPLE",
        field="tell_people",
        meaning="of what Slack and mail tell: `problems`, or `everything`",
        default="problems",
    ),
    Setting(
        name="CSVGATE_ANNOUNCE",
        field="announce",
        meaning="whether the service tells the queue of uploads: `always`, `never`, `auto` (where the bucket does not)",
        default="auto",
    ),
    Setting(
        name="CSVGATE_PUBLIC_URL",
        field="public_url",
        meaning="where browsers find the service behind a proxy, `https://host`, and where mail and Slack lead; "
        "no header of a proxy is believed",
    ),
    Setting(
        name="CSVGATE_MAX_UPLOAD_BYTES",
        field="max_upload_bytes",
        meaning="the largest file that the service takes",
        default="5368709120",
    ),
    Setting(
        name="CSVGATE_UPLOADS_PER_MINUTE",
        field="uploads_per_minute",
        meaning="how many uploads one token may begin in a minute, on one server",
        default="6000",
    ),
    Setting(
        name="CSVGATE_UPLOAD_BYTES_PER_MINUTE",
        field="upload_bytes_per_minute",
        meaning="how much one token may upload in a minute, on one server",
        default="any amount",
    ),
    Setting(
        name="OTEL_EXPORTER_OTLP_ENDPOINT",
        field="traces_endpoint",
        meaning="the collector that is told of every step of a file, as OTLP over HTTP: `http://host:4318`",
    ),
    Setting(name="OTEL_SERVICE_NAME", field="service_name", meaning="under which name it is told", default="csvgate"),
    Setting(
        name="CSVGATE_DEBUG", field="debug", meaning="`1` for the whole traceback of an unexpected error", default="0"
    ),
)
