/** `migrations[i]` turns a store of version i + 1 into one of version i + 2. `schema.sql` is always the newest version. */
export const migrations: readonly string[] = [
  // The ledger, daily losses, live scores and rebuilds. Forecasts are issued again, because the model has changed too.
  `
    ALTER TABLE hours ADD COLUMN entry INTEGER DEFAULT 1;
    ALTER TABLE hours ALTER COLUMN entry SET NOT NULL;
    DROP TABLE issues;
    CREATE TABLE rebuiltHours (
      stationId VARCHAR NOT NULL,
      validTime TIMESTAMP NOT NULL,
      variable VARCHAR NOT NULL,
      value DOUBLE
    );
    CREATE TABLE ledger (
      stationId VARCHAR NOT NULL,
      entry INTEGER NOT NULL,
      time TIMESTAMP NOT NULL,
      runId VARCHAR NOT NULL,
      seen INTEGER NOT NULL,
      seenDigest VARCHAR NOT NULL,
      snapshotIds VARCHAR NOT NULL,
      issuedFrom TIMESTAMP,
      issuedThrough TIMESTAMP,
      issued INTEGER NOT NULL,
      issuesDigest VARCHAR NOT NULL,
      taken INTEGER NOT NULL,
      takenDigest VARCHAR NOT NULL,
      hash VARCHAR NOT NULL
    );
    CREATE TABLE liveScores (
      stationId VARCHAR NOT NULL,
      variable VARCHAR NOT NULL,
      model VARCHAR NOT NULL,
      paired BOOLEAN NOT NULL,
      leadHours UTINYINT NOT NULL,
      month TIMESTAMP NOT NULL,
      scoredTime TIMESTAMP NOT NULL,
      n INTEGER NOT NULL,
      absoluteSum DECIMAL(18, 3) NOT NULL,
      errorSum DECIMAL(18, 3) NOT NULL,
      squareSum DECIMAL(18, 6) NOT NULL
    );
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
    CREATE TABLE issues (
      stationId VARCHAR NOT NULL,
      issuedTime TIMESTAMP NOT NULL,
      madeTime TIMESTAMP NOT NULL,
      digest VARCHAR NOT NULL
    );
    CREATE VIEW quarantinedRows AS
      SELECT stationId, count(*)::INTEGER AS n
      FROM (SELECT DISTINCT stationId, source, file, "row", reportTime FROM quarantine WHERE severity = 'error')
      GROUP BY stationId;
    CREATE VIEW modelHours AS
      SELECT stationId, validTime, variable, learned, if(r.stationId IS NULL, firstValue, r.value) AS value
      FROM hours LEFT JOIN rebuiltHours AS r USING (stationId, validTime, variable);
    CREATE VIEW corrections AS
      SELECT stationId, validTime, variable, firstValue, firstSource, firstSeenTime, value, source, reportTime, corrections,
        NOT learned AND validTime <= learnedTime AS late
      FROM hours LEFT JOIN (
        SELECT stationId, min(genesisTime) AS genesisTime, max(throughTime) AS learnedTime FROM snapshots GROUP BY stationId
      ) USING (stationId)
      WHERE corrections > 0 OR NOT learned AND validTime BETWEEN genesisTime AND learnedTime;
  `,
  // The ledger includes official forecasts; the next entry covers those stored before.
  `
    ALTER TABLE ledger ADD COLUMN officialSeen INTEGER;
    ALTER TABLE ledger ADD COLUMN officialDigest VARCHAR;
    ALTER TABLE officialForecasts ADD COLUMN entry INTEGER DEFAULT 1;
    ALTER TABLE officialForecasts ALTER COLUMN entry SET NOT NULL;
    UPDATE officialForecasts SET entry = 1 + newest.entry
      FROM (SELECT stationId, max(entry) AS entry FROM ledger GROUP BY stationId) AS newest
      WHERE officialForecasts.stationId = newest.stationId;
  `,
  // EWMAE at every hour of the last 62 days, filled as hours are learned. The raw averages follow from n.
  `
    ALTER TABLE ewmae DROP COLUMN validation;
    ALTER TABLE ewmae DROP COLUMN training;
    CREATE TABLE ewmaeHours (
      stationId VARCHAR NOT NULL,
      variable VARCHAR NOT NULL,
      leadHours UTINYINT NOT NULL,
      time TIMESTAMP NOT NULL,
      validationCorrected FLOAT NOT NULL,
      trainingCorrected FLOAT NOT NULL
    );
  `,
];

/** The version of `schema.sql`. */
export const schemaVersion = migrations.length + 1;
