CREATE TABLE tb_completions (
  key VARCHAR(64) NOT NULL,
  completion JSON NOT NULL,
  PRIMARY KEY (key)
);

CREATE TABLE tb_creatives (
  creative_id VARCHAR(64) NOT NULL,
  brief_id VARCHAR(64) NOT NULL,
  campaign VARCHAR(200) NOT NULL,
  block VARCHAR(40) NOT NULL,
  locale VARCHAR(20) NOT NULL,
  text TEXT NOT NULL,
  rung VARCHAR(20) NOT NULL,
  content_hash VARCHAR(64) NOT NULL,
  tags JSON NOT NULL,
  approval VARCHAR(20) NOT NULL,
  approved_hash VARCHAR(64) NOT NULL,
  approved_by VARCHAR(200) NOT NULL,
  version INTEGER NOT NULL,
  notes JSON NOT NULL,
  PRIMARY KEY (creative_id)
);

CREATE INDEX ix_tb_creatives_campaign ON tb_creatives (campaign);

CREATE TABLE tb_decision_batches (
  batch VARCHAR(32) NOT NULL,
  PRIMARY KEY (batch)
);

CREATE TABLE tb_decisions (
  decision_id VARCHAR(64) NOT NULL,
  campaign VARCHAR(200) NOT NULL,
  step VARCHAR(100) NOT NULL,
  person_id VARCHAR(255) NOT NULL,
  arm VARCHAR(20) NOT NULL,
  decided_at VARCHAR(40) NOT NULL,
  slate JSON NOT NULL,
  subject TEXT NOT NULL,
  locale VARCHAR(20) NOT NULL,
  policy_version VARCHAR(64) NOT NULL,
  reason TEXT NOT NULL,
  features_hash VARCHAR(64) NOT NULL,
  consent_hash VARCHAR(64) NOT NULL,
  batch VARCHAR(32) NOT NULL,
  PRIMARY KEY (decision_id),
  UNIQUE (campaign, step, person_id)
);

CREATE INDEX ix_tb_decisions_decided_at ON tb_decisions (decided_at);

CREATE TABLE tb_outbox (
  idempotency_key VARCHAR(64) NOT NULL,
  message_id VARCHAR(64) NOT NULL,
  decision_id VARCHAR(64) NOT NULL,
  campaign VARCHAR(200) NOT NULL,
  step VARCHAR(100) NOT NULL,
  person_id VARCHAR(255) NOT NULL,
  purpose VARCHAR(100) NOT NULL,
  channel VARCHAR(20) NOT NULL,
  address VARCHAR(320) NOT NULL,
  subject TEXT NOT NULL,
  raw BYTEA NOT NULL,
  rungs JSON NOT NULL,
  lines JSON NOT NULL,
  state VARCHAR(20) NOT NULL,
  at VARCHAR(40) NOT NULL,
  provider_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  told BOOLEAN NOT NULL,
  PRIMARY KEY (idempotency_key),
  UNIQUE (message_id)
);

CREATE INDEX ix_tb_outbox_decision_id ON tb_outbox (decision_id);

CREATE INDEX tb_outbox_queue ON tb_outbox (campaign, step, state, attempts, idempotency_key);

CREATE TABLE tb_posteriors (
  campaign VARCHAR(200) NOT NULL,
  creative_id VARCHAR(64) NOT NULL,
  version VARCHAR(64) NOT NULL,
  successes FLOAT NOT NULL,
  exposures FLOAT NOT NULL,
  PRIMARY KEY (campaign, creative_id)
);

CREATE TABLE tb_reviews (
  review_id SERIAL NOT NULL,
  creative_id VARCHAR(64) NOT NULL,
  approval VARCHAR(20) NOT NULL,
  by VARCHAR(200) NOT NULL,
  reason TEXT NOT NULL,
  at VARCHAR(40) NOT NULL,
  content_hash VARCHAR(64) NOT NULL,
  PRIMARY KEY (review_id)
);

CREATE INDEX ix_tb_reviews_creative_id ON tb_reviews (creative_id);

CREATE TABLE tb_run_steps (
  run_id VARCHAR(64) NOT NULL,
  name VARCHAR(40) NOT NULL,
  detail JSON NOT NULL,
  PRIMARY KEY (run_id, name)
);

CREATE TABLE tb_runs (
  run_id VARCHAR(64) NOT NULL,
  campaign VARCHAR(200) NOT NULL,
  step VARCHAR(100) NOT NULL,
  as_of VARCHAR(40) NOT NULL,
  status VARCHAR(20) NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (run_id)
);

CREATE TABLE tb_schema (
  version INTEGER NOT NULL,
  PRIMARY KEY (version)
);

CREATE TABLE tb_suppressions (
  person_id VARCHAR(255) NOT NULL,
  channel VARCHAR(20) NOT NULL,
  reason TEXT NOT NULL,
  at VARCHAR(40) NOT NULL,
  PRIMARY KEY (person_id, channel)
);

CREATE TABLE tb_traces (
  message_id VARCHAR(64) NOT NULL,
  decision_id VARCHAR(64) NOT NULL,
  stages JSON NOT NULL,
  PRIMARY KEY (message_id)
);
