-- The working store. One file, one writer; times are UTC.
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

-- The stations.
CREATE TABLE stations (
  stationId VARCHAR PRIMARY KEY, -- GHCNh identifier
  icao VARCHAR,
  name VARCHAR NOT NULL,
  latitude DOUBLE NOT NULL,
  longitude DOUBLE NOT NULL,
  elevationM DOUBLE,
  timeZone VARCHAR NOT NULL
);

-- Stations that only lend their observations to the network: they are not shown. A station that is configured or named on
-- the command line is none of them.
CREATE TABLE networkStations (
  stationId VARCHAR PRIMARY KEY,
  addedTime TIMESTAMP NOT NULL, -- by the run's clock
  leftTime TIMESTAMP -- null while it belongs to the network; its hours stay stored afterwards
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

-- The state of each file of a source; `etag` and `lastModified` make the next request conditional.
CREATE TABLE files (
  source VARCHAR NOT NULL,
  file VARCHAR NOT NULL, -- path in the source's tree; for a live source the request, such as metar/KATL
  stationId VARCHAR,
  year INTEGER,
  url VARCHAR NOT NULL, -- where it was found; if absent, the addresses asked
  etag VARCHAR,
  lastModified VARCHAR,
  checkedTime TIMESTAMP NOT NULL, -- when it was last requested
  absent BOOLEAN NOT NULL, -- the answer to the last request
  ingestedFrom TIMESTAMP, -- its reports of this period are in `reports`; null if none
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

-- Requests saved in that time because the answer was known.
CREATE TABLE requestsSaved (runId VARCHAR NOT NULL, source VARCHAR NOT NULL, stationId VARCHAR, saved INTEGER NOT NULL);

-- Current reports, without rejected values. One row per stationId, source, reportTime and reportType; `storeFile` keeps
-- rows unique, not an index.
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

-- Rejected values and rows: each failed check. The failures of a file or report are replaced when it is read again.
CREATE TABLE quarantine (
  stationId VARCHAR,
  source VARCHAR NOT NULL,
  file VARCHAR NOT NULL, -- or the address of a reply
  "row" INTEGER, -- 1-based line in the file or place in the reply; null if only the end of a file was read
  reportTime TIMESTAMP, -- observation time in the row
  schema VARCHAR NOT NULL,
  "column" VARCHAR,
  "check" VARCHAR NOT NULL,
  value VARCHAR,
  severity VARCHAR NOT NULL, -- error: value or row not used; warning: used
  seenTime TIMESTAMP NOT NULL -- first seen
);

-- One value per hour and variable. `first…` is the value first seen, from which the model learns until it is trained again;
-- the other columns are the best current value, null if it was withdrawn. One row per stationId, validTime and variable;
-- `updateHours` keeps rows unique, because an index would be larger than the table.
CREATE TABLE hours (
  stationId VARCHAR NOT NULL,
  validTime TIMESTAMP NOT NULL, -- the whole hour
  variable VARCHAR NOT NULL, -- temperature, dewPoint (°C), seaLevelPressure (hPa), windSpeed (m/s), windDirection (°), cloudCover (oktas)
  firstValue DOUBLE NOT NULL,
  firstSource VARCHAR NOT NULL,
  firstSeenTime TIMESTAMP NOT NULL,
  value DOUBLE,
  source VARCHAR NOT NULL,
  reportTime TIMESTAMP NOT NULL, -- time of the chosen report
  reportType VARCHAR NOT NULL,
  corrections INTEGER NOT NULL DEFAULT 0,
  learned BOOLEAN NOT NULL DEFAULT false, -- whether the model has learned it; false before the newest snapshot means that it came late
  entry INTEGER NOT NULL DEFAULT 1, -- the ledger entry of the station that covers it
  inNetwork BOOLEAN DEFAULT false -- whether other stations see `firstValue`: it was known when the network's hour was first used
);

-- Places of the stations of the network and of those that it surrounds, as the model first used them.
CREATE TABLE networkPlaces (
  stationId VARCHAR PRIMARY KEY,
  latitude DOUBLE NOT NULL,
  longitude DOUBLE NOT NULL
);

-- The fields around a station, for a shard that learns these hours without the rest of the network. Deleted at publishing.
CREATE TABLE networkFields (
  stationId VARCHAR NOT NULL,
  validTime TIMESTAMP NOT NULL,
  fields BLOB NOT NULL -- point × field, single precision
);

-- How unusual the weather is at the network's stations after an hour, so that the next run need not begin with the first.
CREATE TABLE networkStates (
  throughTime TIMESTAMP PRIMARY KEY,
  stationIds VARCHAR NOT NULL, -- separated by spaces
  state BLOB NOT NULL
);

-- Values that replaced the first seen ones when the model was trained again, because they had been corrected.
CREATE TABLE rebuiltHours (
  stationId VARCHAR NOT NULL,
  validTime TIMESTAMP NOT NULL,
  variable VARCHAR NOT NULL,
  value DOUBLE -- null if withdrawn
);

-- Guidance, the forecasts of others: each run of a source, as it was first public. Never deleted, because
-- some is archived nowhere else.
CREATE TABLE guidanceRuns (
  source VARCHAR NOT NULL, -- nbm, nws, or the name given to an imported archive
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL, -- the whole hour in which it was first public; later if the model had learned that hour
  runTime TIMESTAMP NOT NULL, -- the hour it starts from; for nws when the forecast was last changed there
  publicTime TIMESTAMP NOT NULL, -- when the file became public; for nws when the service wrote the reply
  imported BOOLEAN NOT NULL, -- from an archive, not as an update saw it
  entry INTEGER NOT NULL DEFAULT 1 -- the ledger entry of the station that covers it
);

-- The values of these runs that differ from what was known before for the same hour.
CREATE TABLE guidance (
  source VARCHAR NOT NULL,
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL,
  leadHours UTINYINT NOT NULL, -- from issuedTime
  temperatureC DOUBLE, -- null when the source no longer forecasts the hour
  dewPointC DOUBLE,
  temperatureSpreadC DOUBLE -- standard deviation; null when the source gives none
);

-- The National Weather Service grid of each station; requested again after a month.
CREATE TABLE forecastGrids (
  stationId VARCHAR PRIMARY KEY,
  path VARCHAR, -- gridpoints/FFC/50,82; null only in older stores
  checkedTime TIMESTAMP NOT NULL
);

-- The chain of model states of each station; the states themselves are files,
-- `snapshots/<stationId>/<snapshotId>.bin`, of which the newest, a few daily and a few monthly ones are kept.
CREATE TABLE snapshots (
  stationId VARCHAR NOT NULL,
  throughTime TIMESTAMP NOT NULL, -- last hour consumed
  snapshotId VARCHAR NOT NULL, -- SHA-256 of configuration, hours consumed and state
  parentId VARCHAR, -- the snapshot it continues; null for the first
  genesisTime TIMESTAMP NOT NULL,
  hoursConsumed INTEGER NOT NULL,
  hoursDigest VARCHAR NOT NULL, -- SHA-256 chained over the hours consumed
  configDigest VARCHAR NOT NULL,
  stateBytes INTEGER NOT NULL,
  kept BOOLEAN NOT NULL,
  PRIMARY KEY (stationId, throughTime)
);

-- Stations that learn their history again at the next training, because their guidance of the past has changed.
CREATE TABLE learnAgain (stationId VARCHAR PRIMARY KEY, markedTime TIMESTAMP NOT NULL);

-- A digest of the forecast of each hour, for all time, to check whether a replay gives the same.
CREATE TABLE issues (
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL,
  madeTime TIMESTAMP NOT NULL, -- when a run first made it: live within the hour, otherwise late or a replay
  digest VARCHAR NOT NULL -- first 16 hexadecimal digits of the SHA-256 of forecasts, quantiles and the threshold of heat
);

-- What was known and issued when: an entry for each run and station with new observations or forecasts, chained by hash
-- (see pipeline/ledger/ledgerEntries.ts). Never changed or deleted. The values are in `hours` and `guidance`.
CREATE TABLE ledger (
  stationId VARCHAR NOT NULL,
  entry INTEGER NOT NULL, -- 1, 2, 3, … of each station
  time TIMESTAMP NOT NULL, -- the run's clock
  runId VARCHAR NOT NULL,
  seen INTEGER NOT NULL, -- values first seen
  seenDigest VARCHAR NOT NULL,
  snapshotIds VARCHAR NOT NULL, -- made since the previous entry, oldest first, separated by spaces
  issuedFrom TIMESTAMP, -- forecasts from this hour on replace those of earlier entries; null if none
  issuedThrough TIMESTAMP,
  issued INTEGER NOT NULL,
  issuesDigest VARCHAR NOT NULL,
  taken INTEGER NOT NULL, -- all rows of `rebuiltHours` so far
  takenDigest VARCHAR NOT NULL,
  hash VARCHAR NOT NULL, -- SHA-256 of the previous hash and of all other columns that are not null
  guidanceSeen INTEGER, -- rows of `guidanceSeen` first seen; null in entries of an earlier version
  guidanceDigest VARCHAR
);

-- Forecasts of the published model issued in the last 13 days; a replay reproduces older ones.
CREATE TABLE forecasts (
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL,
  leadHours UTINYINT NOT NULL,
  variable VARCHAR NOT NULL,
  valueC DOUBLE NOT NULL, -- the median; it and the quantiles are rounded to tenths
  p025 DOUBLE, p10 DOUBLE, p25 DOUBLE, p75 DOUBLE, p90 DOUBLE, p975 DOUBLE
);

-- Errors of live forecasts, summed by month of valid time, for all time; in thousandths, so that a sum does not depend on
-- its order.
CREATE TABLE liveScores (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  model VARCHAR NOT NULL, -- the published one, persistence, guidance
  pairedWith VARCHAR NOT NULL, -- only hours with guidance of this source; empty for all hours
  leadHours UTINYINT NOT NULL,
  month TIMESTAMP NOT NULL,
  scoredTime TIMESTAMP NOT NULL, -- last hour counted
  n INTEGER NOT NULL,
  absoluteSum DECIMAL(18, 3) NOT NULL,
  errorSum DECIMAL(18, 3) NOT NULL, -- forecast minus observation
  squareSum DECIMAL(18, 6) NOT NULL,
  modelVersion UTINYINT -- version of the published model in these hours
);

-- Errors of the forecasts by month of valid time, for all time.
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

-- Calibration of the quantiles: CRPS, observations between each pair of them, and the mean pinball loss of each.
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

-- Errors by day of valid time (UTC) at the reported leads: of a baseline, and of the published forecast at the hours that
-- both forecast. For all time, because the significance of a difference follows from its variation between days.
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

-- The published forecast with the largest error of each day of valid time, at the reported leads, for all time.
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

-- Forecasts of the lows of nights and the highs of days, issued in the last 13 days.
CREATE TABLE extremes (
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL,
  kind VARCHAR NOT NULL, -- low, high
  endTime TIMESTAMP NOT NULL, -- last hour of the night or day
  p025 DOUBLE NOT NULL, p10 DOUBLE NOT NULL, p25 DOUBLE NOT NULL, p50 DOUBLE NOT NULL,
  p75 DOUBLE NOT NULL, p90 DOUBLE NOT NULL, p975 DOUBLE NOT NULL, -- rounded to tenths
  heatC DOUBLE -- of highs: the threshold of heat; null while it is unknown
);

-- What was forecast each evening, at 18 o'clock local standard time, of the low of the night and the high of the next day, and
-- what came; rounded to tenths. Live forecasts are kept for all time as they were issued; what came is filled in once.
-- Replayed and late ones are those of the last year and change when the hours are learned again.
CREATE TABLE evenings (
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL, -- the first hour of the night
  madeTime TIMESTAMP NOT NULL, -- as in `issues`
  digest VARCHAR NOT NULL, -- as in `issues`
  kind VARCHAR NOT NULL, -- low, high
  endTime TIMESTAMP NOT NULL, -- last hour of the night or day
  p025 DOUBLE NOT NULL, p10 DOUBLE NOT NULL, p25 DOUBLE NOT NULL, p50 DOUBLE NOT NULL,
  p75 DOUBLE NOT NULL, p90 DOUBLE NOT NULL, p975 DOUBLE NOT NULL,
  frost DOUBLE, -- odds of a low below 0 °C; null for highs
  persistenceC DOUBLE, -- the low of the night before; the high of the day so far
  nbmC DOUBLE, nwsC DOUBLE, otherC DOUBLE, -- extremes of the hourly guidance known at the hour of issue
  truthC DOUBLE, -- null until the window has ended, and when more than one of its hours is missing
  hoursMissing UTINYINT -- null until the window has ended
);

-- Errors of the forecasts of lows and highs by month of the end of the window, for all time.
CREATE TABLE extremeScores (
  stationId VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  windowNumber UTINYINT NOT NULL, -- 0 under way; 1, 2, 3 not begun, with their end within 24, 48, 72 hours
  month TIMESTAMP NOT NULL,
  n INTEGER NOT NULL,
  bias FLOAT NOT NULL, -- of the median
  mae FLOAT NOT NULL,
  crps FLOAT NOT NULL,
  untrackedCrps FLOAT NOT NULL, -- of the quantiles of the hour with the extreme median
  beforeMae FLOAT, -- of the extreme of the newest window that had ended
  belowP025 INTEGER NOT NULL,
  belowP10 INTEGER NOT NULL,
  belowP25 INTEGER NOT NULL,
  belowP50 INTEGER NOT NULL,
  belowP75 INTEGER NOT NULL,
  belowP90 INTEGER NOT NULL,
  belowP975 INTEGER NOT NULL,
  aboveP975 INTEGER NOT NULL,
  brier FLOAT, -- of the odds of frost (lows) or heat (highs); null without any
  climatologyMae FLOAT, -- of the usual extreme of the time of year
  climatologyCrps FLOAT,
  oddsN INTEGER NOT NULL DEFAULT 0, -- forecasts with odds
  untrackedBrier FLOAT,
  beforeBrier FLOAT,
  climatologyBrier FLOAT
);

-- Errors of live forecasts of lows and highs, summed by month of the end of the window, for all time; in thousandths.
CREATE TABLE liveExtremeScores (
  stationId VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  windowNumber UTINYINT NOT NULL,
  month TIMESTAMP NOT NULL,
  modelVersion UTINYINT NOT NULL,
  scoredTime TIMESTAMP NOT NULL, -- last hour counted
  n INTEGER NOT NULL,
  errorSum DECIMAL(18, 3) NOT NULL, -- median minus truth
  absoluteSum DECIMAL(18, 3) NOT NULL,
  crpsSum DECIMAL(18, 3) NOT NULL,
  belowP025 INTEGER NOT NULL,
  belowP10 INTEGER NOT NULL,
  belowP25 INTEGER NOT NULL,
  belowP50 INTEGER NOT NULL,
  belowP75 INTEGER NOT NULL,
  belowP90 INTEGER NOT NULL,
  belowP975 INTEGER NOT NULL,
  aboveP975 INTEGER NOT NULL,
  oddsN INTEGER NOT NULL, -- forecasts with odds of frost or heat
  brierSum DECIMAL(18, 3) NOT NULL
);

-- How often frost or heat came where its odds were in a tenth.
CREATE TABLE extremeOdds (
  stationId VARCHAR NOT NULL,
  event VARCHAR NOT NULL, -- frost, heat
  windowNumber UTINYINT NOT NULL,
  month TIMESTAMP NOT NULL,
  tenth UTINYINT NOT NULL, -- 0 to 9
  n INTEGER NOT NULL,
  oddsSum FLOAT NOT NULL,
  came INTEGER NOT NULL
);

-- Errors of the answers to questions over several hours by month of the end of the night or day, for all time.
CREATE TABLE questionScores (
  stationId VARCHAR NOT NULL,
  question VARCHAR NOT NULL, -- highChange, freezingHours, dayMean
  windowNumber UTINYINT NOT NULL, -- 0 begun when issued; then 1, 2
  month TIMESTAMP NOT NULL,
  n INTEGER NOT NULL,
  meanError FLOAT NOT NULL, -- of the median
  meanAbsoluteError FLOAT NOT NULL,
  crps FLOAT NOT NULL,
  commonCrps FLOAT NOT NULL, -- of draws with one rank at all leads
  belowP10 INTEGER NOT NULL,
  aboveP90 INTEGER NOT NULL,
  brier FLOAT, -- of the odds that tomorrow's high is above today's
  commonBrier FLOAT,
  came INTEGER NOT NULL -- truths above 0
);

-- EWMAE every 73 hours, so that all hours of the day count alike, for all time. The raw averages follow from n.
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

-- Hours at which the drift alarm found a bias in the forecasts one hour or one day ahead.
CREATE TABLE alarms (
  stationId VARCHAR NOT NULL,
  variable VARCHAR NOT NULL,
  time TIMESTAMP NOT NULL,
  side VARCHAR NOT NULL -- forecasts too high, forecasts too low
);

-- Rows with at least one rejected value.
CREATE VIEW quarantinedRows AS
  SELECT stationId, count(*)::INTEGER AS n
  FROM (SELECT DISTINCT stationId, source, file, "row", reportTime FROM quarantine WHERE severity = 'error')
  GROUP BY stationId;

-- Guidance with the times of its run, as the ledger records it; a run that changed nothing is one row without a lead.
CREATE VIEW guidanceSeen AS
  FROM guidanceRuns LEFT JOIN guidance USING (source, stationId, issuedTime);

-- The value of an hour that the model learns; null if it was withdrawn when the model was trained again.
CREATE VIEW modelHours AS
  SELECT stationId, validTime, variable, learned, if(r.stationId IS NULL, firstValue, r.value) AS value
  FROM hours LEFT JOIN rebuiltHours AS r USING (stationId, validTime, variable);

-- Values that were corrected, or came after the model had passed their hour.
CREATE VIEW corrections AS
  SELECT stationId, validTime, variable, firstValue, firstSource, firstSeenTime, value, source, reportTime, corrections,
    NOT learned AND validTime <= learnedTime AS late
  FROM hours LEFT JOIN (
    SELECT stationId, min(genesisTime) AS genesisTime, max(throughTime) AS learnedTime FROM snapshots GROUP BY stationId
  ) USING (stationId)
  WHERE corrections > 0 OR NOT learned AND validTime BETWEEN genesisTime AND learnedTime;
