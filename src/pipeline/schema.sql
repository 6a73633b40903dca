-- The working store. One file, one writer; times are UTC. Version 1.
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

-- Who is observed.
CREATE TABLE stations (
  stationId VARCHAR PRIMARY KEY, -- GHCNh identifier
  icao VARCHAR,
  name VARCHAR NOT NULL,
  latitude DOUBLE NOT NULL,
  longitude DOUBLE NOT NULL,
  elevationM DOUBLE,
  timeZone VARCHAR NOT NULL
);

-- Each run of a command that changes the store.
CREATE TABLE runs (
  runId VARCHAR PRIMARY KEY,
  command VARCHAR NOT NULL,
  startedTime TIMESTAMP NOT NULL,
  finishedTime TIMESTAMP,
  "asOf" TIMESTAMP NOT NULL, -- the run's clock; quoted because SQL has a word ASOF
  outcome VARCHAR NOT NULL, -- running, succeeded, failed
  message VARCHAR
);

-- What is known of each file of a source; `etag` and `lastModified` make the next request conditional.
CREATE TABLE files (
  source VARCHAR NOT NULL,
  file VARCHAR NOT NULL, -- path in the source's tree
  stationId VARCHAR,
  year INTEGER,
  url VARCHAR NOT NULL, -- where it was found
  etag VARCHAR,
  lastModified VARCHAR,
  checkedTime TIMESTAMP NOT NULL, -- when it was last asked for
  absent BOOLEAN NOT NULL,
  ingestedFrom TIMESTAMP, -- its reports of this period are in `reports`; null before the first
  ingestedThrough TIMESTAMP,
  PRIMARY KEY (source, file)
);

-- Every request made, to a server or to a folder.
CREATE TABLE requests (
  runId VARCHAR NOT NULL,
  source VARCHAR NOT NULL,
  stationId VARCHAR,
  url VARCHAR NOT NULL,
  status INTEGER,
  bytes BIGINT NOT NULL,
  seconds DOUBLE NOT NULL,
  etag VARCHAR,
  lastModified VARCHAR,
  outcome VARCHAR NOT NULL, -- fetched, unchanged, absent, failed
  message VARCHAR,
  requestedTime TIMESTAMP NOT NULL
);

-- Requests not made because the answer was known.
CREATE TABLE requestsSaved (runId VARCHAR NOT NULL, source VARCHAR NOT NULL, stationId VARCHAR, saved INTEGER NOT NULL);

-- What stations reported, as now known, without the values that failed validation. One row for each stationId,
-- source, reportTime and reportType: kept unique by `ingest`, not by an index, which would be larger than the table.
CREATE TABLE reports (
  stationId VARCHAR NOT NULL,
  source VARCHAR NOT NULL,
  reportTime TIMESTAMP NOT NULL,
  reportType VARCHAR NOT NULL,
  corrected BOOLEAN NOT NULL, -- marked COR
  temperatureC DOUBLE,
  dewPointC DOUBLE,
  seaLevelPressureHpa DOUBLE,
  windSpeedMs DOUBLE,
  windDirectionDeg DOUBLE,
  cloudCoverOktas DOUBLE
);

-- Each value and row that failed a check; rows of `published.ts`. A file's failures are replaced when it is read again.
CREATE TABLE quarantine (
  stationId VARCHAR,
  source VARCHAR NOT NULL,
  file VARCHAR NOT NULL,
  "row" INTEGER, -- 1-based line in the file
  schema VARCHAR NOT NULL,
  "column" VARCHAR,
  "check" VARCHAR NOT NULL,
  value VARCHAR,
  severity VARCHAR NOT NULL, -- error: value or row not used; warning: used
  seenTime TIMESTAMP NOT NULL -- first seen
);

-- One value an hour and variable: `first…` is what was first seen, and is what the model learns from; the other
-- columns are the best value known now. A value withdrawn later has a null `value`.
CREATE TABLE hours (
  stationId VARCHAR NOT NULL,
  validTime TIMESTAMP NOT NULL, -- the whole hour
  variable VARCHAR NOT NULL, -- temperature, dewPoint (°C), seaLevelPressure (hPa), windSpeed (m/s), windDirection (°), cloudCover (oktas)
  firstValue DOUBLE NOT NULL,
  firstSource VARCHAR NOT NULL,
  firstSeenTime TIMESTAMP NOT NULL,
  value DOUBLE,
  source VARCHAR NOT NULL,
  reportTime TIMESTAMP NOT NULL, -- when the report chosen was made
  reportType VARCHAR NOT NULL,
  corrections INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (stationId, validTime, variable)
);

-- The chain of model states; the states themselves are files, `snapshots/<stationId>/<snapshotId>.bin`.
CREATE TABLE snapshots (
  snapshotId VARCHAR NOT NULL,
  parentId VARCHAR,
  stationId VARCHAR NOT NULL,
  genesisTime TIMESTAMP NOT NULL,
  throughTime TIMESTAMP NOT NULL,
  hoursConsumed INTEGER NOT NULL,
  hoursDigest VARCHAR NOT NULL,
  configDigest VARCHAR NOT NULL,
  stateBytes INTEGER NOT NULL,
  kept BOOLEAN NOT NULL,
  PRIMARY KEY (stationId, configDigest, throughTime)
);

-- Forecasts of the published model, issued in the last 60 days.
CREATE TABLE forecasts (
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL,
  leadHours UTINYINT NOT NULL,
  variable VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  valueC DOUBLE NOT NULL, -- hundredths
  p025 DOUBLE, p10 DOUBLE, p25 DOUBLE, p50 DOUBLE, p75 DOUBLE, p90 DOUBLE, p975 DOUBLE
);

-- Errors of the forecasts that came due in a month of valid time, for all time.
CREATE TABLE scores (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  month TIMESTAMP NOT NULL,
  n INTEGER NOT NULL,
  mae DOUBLE NOT NULL,
  bias DOUBLE NOT NULL,
  rmse DOUBLE NOT NULL
);

-- EWMAE as it stood at 00 UTC of each day, for all time.
CREATE TABLE ewmae (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  time TIMESTAMP NOT NULL,
  n INTEGER NOT NULL,
  validation DOUBLE NOT NULL,
  training DOUBLE NOT NULL,
  validationCorrected DOUBLE NOT NULL,
  trainingCorrected DOUBLE NOT NULL,
  validationSlow DOUBLE NOT NULL
);
