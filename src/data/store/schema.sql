-- The working store. One file, one writer; times are UTC. Version 3.
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
  file VARCHAR NOT NULL, -- path in the source's tree; of a live source what is asked of it, such as metar/KATL
  stationId VARCHAR,
  year INTEGER,
  url VARCHAR NOT NULL, -- where it was found; when absent, the addresses that were asked
  etag VARCHAR,
  lastModified VARCHAR,
  checkedTime TIMESTAMP NOT NULL, -- when it was last asked for
  absent BOOLEAN NOT NULL, -- so it was said when it was last asked for
  ingestedFrom TIMESTAMP, -- its reports of this period are in `reports`; null before the first
  ingestedThrough TIMESTAMP,
  PRIMARY KEY (source, file)
);

-- Every request made in the last 60 days, to a server or to a folder.
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

-- Requests not made in that time because the answer was known.
CREATE TABLE requestsSaved (runId VARCHAR NOT NULL, source VARCHAR NOT NULL, stationId VARCHAR, saved INTEGER NOT NULL);

-- What stations reported, as now known, without the values that failed validation. One row for each stationId,
-- source, reportTime and reportType: kept unique by `storeFile`, not by an index.
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

-- Each value and row that failed a check; rows of `published.ts`. A file's failures are replaced when it is read again,
-- those of a report when it is.
CREATE TABLE quarantine (
  stationId VARCHAR,
  source VARCHAR NOT NULL,
  file VARCHAR NOT NULL, -- or the address asked
  "row" INTEGER, -- 1-based line in the file, or place in the reply; null where only the end of a file was read
  reportTime TIMESTAMP, -- when the row says that it was observed
  schema VARCHAR NOT NULL,
  "column" VARCHAR,
  "check" VARCHAR NOT NULL,
  value VARCHAR,
  severity VARCHAR NOT NULL, -- error: value or row not used; warning: used
  seenTime TIMESTAMP NOT NULL -- first seen
);

-- One value an hour and variable: `first…` is what was first seen, and is what the model learns from until a rebuild; the
-- other columns are the best value known now. A value withdrawn later has a null `value`. One row for each stationId, validTime
-- and variable: kept unique by `updateHours`, not by an index, which would be larger than the table.
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
  learned BOOLEAN NOT NULL DEFAULT false, -- whether the loop took it in; false behind the newest snapshot: it came late
  entry INTEGER NOT NULL DEFAULT 1 -- of the station's ledger, that tells of its being first seen
);

-- What a rebuild took for the model in place of what was first seen, where that had been corrected by then.
CREATE TABLE rebuiltHours (
  stationId VARCHAR NOT NULL,
  validTime TIMESTAMP NOT NULL,
  variable VARCHAR NOT NULL,
  value DOUBLE -- null where it had been withdrawn
);

-- The forecasts of the National Weather Service, as they stood when an update first saw them: one set of leads each time
-- they had changed. Never deleted, because nobody else keeps them.
CREATE TABLE officialForecasts (
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL, -- the whole hour, by the run's clock, in which it was first seen
  generatedTime TIMESTAMP NOT NULL, -- when the service wrote the reply
  updateTime TIMESTAMP NOT NULL, -- when the forecast was last changed there
  leadHours UTINYINT NOT NULL, -- from issuedTime
  temperatureC DOUBLE NOT NULL,
  dewPointC DOUBLE,
  entry INTEGER NOT NULL DEFAULT 1 -- of the station's ledger, that tells of its being first seen
);

-- Where the National Weather Service forecasts for a station; asked for again after a month.
CREATE TABLE forecastGrids (
  stationId VARCHAR PRIMARY KEY,
  path VARCHAR, -- gridpoints/FFC/50,82; not null, but in older stores
  checkedTime TIMESTAMP NOT NULL
);

-- The chain of model states, one lineage a station; the states themselves are files,
-- `snapshots/<stationId>/<snapshotId>.bin`, of which the newest, a few dailies and a few monthlies are kept.
CREATE TABLE snapshots (
  stationId VARCHAR NOT NULL,
  throughTime TIMESTAMP NOT NULL, -- last hour consumed
  snapshotId VARCHAR NOT NULL, -- SHA-256 of configuration, hours consumed and state
  parentId VARCHAR, -- the one it was resumed or went on from; null at the head of the lineage
  genesisTime TIMESTAMP NOT NULL,
  hoursConsumed INTEGER NOT NULL,
  hoursDigest VARCHAR NOT NULL, -- SHA-256 chained over the hours consumed
  configDigest VARCHAR NOT NULL,
  stateBytes INTEGER NOT NULL,
  kept BOOLEAN NOT NULL,
  PRIMARY KEY (stationId, throughTime)
);

-- What was issued at each hour, for all time: enough to tell whether a replay issues the same.
CREATE TABLE issues (
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL,
  madeTime TIMESTAMP NOT NULL, -- when a run first made it; on time within the hour, otherwise late or a replay
  digest VARCHAR NOT NULL -- first 16 hexadecimal digits of the SHA-256 of forecasts and quantiles
);

-- What was known and issued when: an entry for each run and station at which something new was seen or issued, chained by
-- hash; ledger/ledgerEntry.ts says of what. Never changed nor deleted. The values themselves are in `hours` and
-- `officialForecasts`.
CREATE TABLE ledger (
  stationId VARCHAR NOT NULL,
  entry INTEGER NOT NULL, -- 1, 2, 3, … of each station
  time TIMESTAMP NOT NULL, -- the run's clock
  runId VARCHAR NOT NULL,
  seen INTEGER NOT NULL, -- values first seen
  seenDigest VARCHAR NOT NULL,
  snapshotIds VARCHAR NOT NULL, -- made since the entry before, oldest first, with spaces between
  issuedFrom TIMESTAMP, -- what is issued from this hour on takes the place of what earlier entries say; null when none was
  issuedThrough TIMESTAMP,
  issued INTEGER NOT NULL,
  issuesDigest VARCHAR NOT NULL,
  taken INTEGER NOT NULL, -- rows of `rebuiltHours`, all that a rebuild took up to now
  takenDigest VARCHAR NOT NULL,
  hash VARCHAR NOT NULL, -- SHA-256 of the hash of the entry before and of all the others here that are not null
  officialSeen INTEGER, -- rows of `officialForecasts` first seen; null in an entry that an earlier version wrote
  officialDigest VARCHAR
);

-- Forecasts of the published model, issued in the last 13 days; a replay gives the others back.
CREATE TABLE forecasts (
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL,
  leadHours UTINYINT NOT NULL,
  variable VARCHAR NOT NULL,
  valueC DOUBLE NOT NULL, -- this, which is the median, and the quantiles to the tenth
  p025 DOUBLE, p10 DOUBLE, p25 DOUBLE, p75 DOUBLE, p90 DOUBLE, p975 DOUBLE
);

-- Errors of the forecasts that were made on time, summed over those that came due in a month of valid time, for all time;
-- in thousandths, so that a sum does not depend on its order. `paired` counts only what the official forecast spoke of.
CREATE TABLE liveScores (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  model VARCHAR NOT NULL, -- the published one, persistence, official
  paired BOOLEAN NOT NULL,
  leadHours UTINYINT NOT NULL,
  month TIMESTAMP NOT NULL,
  scoredTime TIMESTAMP NOT NULL, -- last hour counted
  n INTEGER NOT NULL,
  absoluteSum DECIMAL(18, 3) NOT NULL,
  errorSum DECIMAL(18, 3) NOT NULL, -- forecast minus observation
  squareSum DECIMAL(18, 6) NOT NULL
);

-- Errors of the forecasts that came due in a month of valid time, for all time.
CREATE TABLE scores (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  month TIMESTAMP NOT NULL,
  n INTEGER NOT NULL,
  mae FLOAT NOT NULL,
  bias FLOAT NOT NULL,
  rmse FLOAT NOT NULL
);

-- The same by hour of the day (UTC) of the valid time, at the reported leads.
CREATE TABLE scoresByHour (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  month TIMESTAMP NOT NULL,
  hourOfDay UTINYINT NOT NULL,
  n INTEGER NOT NULL,
  mae FLOAT NOT NULL,
  bias FLOAT NOT NULL,
  rmse FLOAT NOT NULL
);

-- How the quantiles did: CRPS, how many observations fell between which of them, mean pinball loss of each.
CREATE TABLE calibration (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  month TIMESTAMP NOT NULL,
  n INTEGER NOT NULL,
  crps FLOAT NOT NULL,
  belowP025 INTEGER NOT NULL,
  belowP10 INTEGER NOT NULL,
  belowP25 INTEGER NOT NULL,
  belowP50 INTEGER NOT NULL,
  belowP75 INTEGER NOT NULL,
  belowP90 INTEGER NOT NULL,
  belowP975 INTEGER NOT NULL,
  aboveP975 INTEGER NOT NULL,
  pinballP025 FLOAT NOT NULL,
  pinballP10 FLOAT NOT NULL,
  pinballP25 FLOAT NOT NULL,
  pinballP50 FLOAT NOT NULL,
  pinballP75 FLOAT NOT NULL,
  pinballP90 FLOAT NOT NULL,
  pinballP975 FLOAT NOT NULL
);

-- The same by hour of the day (UTC) of the valid time, at the reported leads.
CREATE TABLE calibrationByHour (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  month TIMESTAMP NOT NULL,
  hourOfDay UTINYINT NOT NULL,
  n INTEGER NOT NULL,
  crps FLOAT NOT NULL,
  belowP025 INTEGER NOT NULL,
  belowP10 INTEGER NOT NULL,
  belowP25 INTEGER NOT NULL,
  belowP50 INTEGER NOT NULL,
  belowP75 INTEGER NOT NULL,
  belowP90 INTEGER NOT NULL,
  belowP975 INTEGER NOT NULL,
  aboveP975 INTEGER NOT NULL,
  pinballP025 FLOAT NOT NULL,
  pinballP10 FLOAT NOT NULL,
  pinballP25 FLOAT NOT NULL,
  pinballP50 FLOAT NOT NULL,
  pinballP75 FLOAT NOT NULL,
  pinballP90 FLOAT NOT NULL,
  pinballP975 FLOAT NOT NULL
);

-- Errors of a day of valid time (UTC) at the reported leads: of a baseline, and of the published forecast at the hours at
-- which both had a forecast. For all time: how sure a difference is follows from how it varies from day to day.
CREATE TABLE dailyLosses (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  model VARCHAR NOT NULL,
  day TIMESTAMP NOT NULL,
  n UTINYINT NOT NULL,
  mae FLOAT NOT NULL,
  publishedMae FLOAT NOT NULL
);

-- The published forecast that was furthest off of those that came due in a day, at the reported leads, for all time.
CREATE TABLE worstMisses (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  day TIMESTAMP NOT NULL,
  validTime TIMESTAMP NOT NULL,
  forecastC FLOAT NOT NULL,
  observedC FLOAT NOT NULL,
  p025 FLOAT,
  p975 FLOAT
);

-- EWMAE every 73 hours (so that no hour of the day is favoured), for all time. The raw averages follow from n.
CREATE TABLE ewmae (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  time TIMESTAMP NOT NULL,
  n INTEGER NOT NULL,
  validationCorrected FLOAT NOT NULL,
  trainingCorrected FLOAT NOT NULL,
  validationSlow FLOAT NOT NULL
);

-- The same of the published model at every hour of the last 62 days, to the hundredth.
CREATE TABLE ewmaeHours (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  time TIMESTAMP NOT NULL,
  validationCorrected FLOAT NOT NULL,
  trainingCorrected FLOAT NOT NULL
);

-- Weights of the experts in the mixture, every week, for all time.
CREATE TABLE expertWeights (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  leadHours UTINYINT NOT NULL,
  time TIMESTAMP NOT NULL,
  weight FLOAT NOT NULL
);

-- Hours at which the forecasts, one hour or a day ahead, were found to have shifted to one side.
CREATE TABLE alarms (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  time TIMESTAMP NOT NULL,
  side VARCHAR NOT NULL -- forecasts too high, forecasts too low
);

-- Rows of which something was not used, however many checks they failed.
CREATE VIEW quarantinedRows AS
  SELECT stationId, count(*)::INTEGER AS n
  FROM (SELECT DISTINCT stationId, source, file, "row", reportTime FROM quarantine WHERE severity = 'error')
  GROUP BY stationId;

-- What the model learns of an hour, whether it has yet or not; null when a rebuild found it withdrawn.
CREATE VIEW modelHours AS
  SELECT stationId, validTime, variable, learned, if(r.stationId IS NULL, firstValue, r.value) AS value
  FROM hours LEFT JOIN rebuiltHours AS r USING (stationId, validTime, variable);

-- Values that are not what was first seen, or came after the loop had passed their hour.
CREATE VIEW corrections AS
  SELECT stationId, validTime, variable, firstValue, firstSource, firstSeenTime, value, source, reportTime, corrections,
    NOT learned AND validTime <= learnedTime AS late
  FROM hours LEFT JOIN (
    SELECT stationId, min(genesisTime) AS genesisTime, max(throughTime) AS learnedTime FROM snapshots GROUP BY stationId
  ) USING (stationId)
  WHERE corrections > 0 OR NOT learned AND validTime BETWEEN genesisTime AND learnedTime;
