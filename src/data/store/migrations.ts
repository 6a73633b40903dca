/** Older stores and checkpoints are refused: no release ever wrote one. */
export const oldestVersion = 2;

/** SQL that renames models in all tables. */
function renameModels(names: Record<string, string>): string {
  const tables = ["liveScores", "scores", "scoresByHour", "dailyLosses", "ewmae", "expertWeights"];
  return tables
    .flatMap((table) =>
      Object.entries(names).map(([from, to]) => `UPDATE ${table} SET model = '${to}' WHERE model = '${from}';`),
    )
    .join("\n    ");
}

/**
 * `migrations[i]` turns a store of version `oldestVersion` + i into the next, in one transaction. In it DuckDB can't alter a
 * table after it has updated its rows. `schema.sql` is always the newest version.
 */
export const migrations: readonly string[] = [
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
  // The network of stations. Live scores tell which version of the model made the forecasts; it was 8.
  `
    CREATE TABLE networkStations (stationId VARCHAR PRIMARY KEY, addedTime TIMESTAMP NOT NULL, leftTime TIMESTAMP);
    ALTER TABLE hours ADD COLUMN inNetwork BOOLEAN DEFAULT false;
    CREATE TABLE networkPlaces (stationId VARCHAR PRIMARY KEY, latitude DOUBLE NOT NULL, longitude DOUBLE NOT NULL);
    CREATE TABLE networkStates (
      throughTime TIMESTAMP PRIMARY KEY,
      stationIds VARCHAR NOT NULL,
      state BLOB NOT NULL
    );
    CREATE TABLE networkFields (stationId VARCHAR NOT NULL, validTime TIMESTAMP NOT NULL, fields BLOB NOT NULL);
    ALTER TABLE liveScores ADD COLUMN modelVersion UTINYINT;
    UPDATE liveScores SET modelVersion = 8;
  `,
  // Official forecasts become one source of guidance among others. Lows and highs are forecast.
  `
    CREATE TABLE guidanceRuns (
      source VARCHAR NOT NULL,
      stationId VARCHAR NOT NULL,
      issuedTime TIMESTAMP NOT NULL,
      runTime TIMESTAMP NOT NULL,
      publicTime TIMESTAMP NOT NULL,
      imported BOOLEAN NOT NULL,
      entry INTEGER NOT NULL DEFAULT 1
    );
    CREATE TABLE guidance (
      source VARCHAR NOT NULL,
      stationId VARCHAR NOT NULL,
      issuedTime TIMESTAMP NOT NULL,
      leadHours UTINYINT NOT NULL,
      temperatureC DOUBLE,
      dewPointC DOUBLE,
      temperatureSpreadC DOUBLE
    );
    INSERT INTO guidanceRuns SELECT DISTINCT 'nws', stationId, issuedTime, updateTime, generatedTime, false, entry
      FROM officialForecasts;
    INSERT INTO guidance SELECT 'nws', stationId, issuedTime, leadHours, temperatureC, dewPointC, NULL
      FROM officialForecasts;
    CREATE TABLE learnAgain (stationId VARCHAR PRIMARY KEY, markedTime TIMESTAMP NOT NULL);
    DROP TABLE officialForecasts;
    CREATE TABLE extremes (
      stationId VARCHAR NOT NULL,
      issuedTime TIMESTAMP NOT NULL,
      kind VARCHAR NOT NULL,
      endTime TIMESTAMP NOT NULL,
      p025 DOUBLE NOT NULL, p10 DOUBLE NOT NULL, p25 DOUBLE NOT NULL, p50 DOUBLE NOT NULL,
      p75 DOUBLE NOT NULL, p90 DOUBLE NOT NULL, p975 DOUBLE NOT NULL
    );
    CREATE TABLE extremeScores (
      stationId VARCHAR NOT NULL,
      kind VARCHAR NOT NULL,
      windowNumber UTINYINT NOT NULL,
      month TIMESTAMP NOT NULL,
      n INTEGER NOT NULL,
      bias FLOAT NOT NULL,
      mae FLOAT NOT NULL,
      crps FLOAT NOT NULL,
      untrackedCrps FLOAT NOT NULL,
      beforeMae FLOAT,
      belowP025 INTEGER NOT NULL,
      belowP10 INTEGER NOT NULL,
      belowP25 INTEGER NOT NULL,
      belowP50 INTEGER NOT NULL,
      belowP75 INTEGER NOT NULL,
      belowP90 INTEGER NOT NULL,
      belowP975 INTEGER NOT NULL,
      aboveP975 INTEGER NOT NULL,
      brier FLOAT,
      recentBrier FLOAT
    );
    CREATE TABLE frostOdds (
      stationId VARCHAR NOT NULL,
      windowNumber UTINYINT NOT NULL,
      month TIMESTAMP NOT NULL,
      tenth UTINYINT NOT NULL,
      n INTEGER NOT NULL,
      oddsSum FLOAT NOT NULL,
      came INTEGER NOT NULL
    );
    CREATE VIEW guidanceSeen AS
      FROM guidanceRuns LEFT JOIN guidance USING (source, stationId, issuedTime);
    ALTER TABLE ledger RENAME COLUMN officialSeen TO guidanceSeen;
    ALTER TABLE ledger RENAME COLUMN officialDigest TO guidanceDigest;
    ALTER TABLE liveScores ALTER COLUMN paired TYPE VARCHAR USING if(paired, 'nws', '');
    ALTER TABLE liveScores RENAME COLUMN paired TO pairedWith;
    ${renameModels({ official: "nws", officialCorrected: "nwsCorrected" })}
  `,
  // Odds of heat, climatology to compare lows and highs with, and scores of live ones. Training again fills what is null.
  `
    ALTER TABLE extremes ADD COLUMN heatC DOUBLE;
    ALTER TABLE extremeScores DROP COLUMN recentBrier;
    ALTER TABLE extremeScores ADD COLUMN climatologyMae FLOAT;
    ALTER TABLE extremeScores ADD COLUMN climatologyCrps FLOAT;
    ALTER TABLE extremeScores ADD COLUMN oddsN INTEGER DEFAULT 0;
    ALTER TABLE extremeScores ALTER COLUMN oddsN SET NOT NULL;
    ALTER TABLE extremeScores ADD COLUMN untrackedBrier FLOAT;
    ALTER TABLE extremeScores ADD COLUMN beforeBrier FLOAT;
    ALTER TABLE extremeScores ADD COLUMN climatologyBrier FLOAT;
    UPDATE extremeScores SET oddsN = n WHERE kind = 'low';
    CREATE TABLE liveExtremeScores (
      stationId VARCHAR NOT NULL,
      kind VARCHAR NOT NULL,
      windowNumber UTINYINT NOT NULL,
      month TIMESTAMP NOT NULL,
      modelVersion UTINYINT NOT NULL,
      scoredTime TIMESTAMP NOT NULL,
      n INTEGER NOT NULL,
      errorSum DECIMAL(18, 3) NOT NULL,
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
      oddsN INTEGER NOT NULL,
      brierSum DECIMAL(18, 3) NOT NULL
    );
    CREATE TABLE extremeOdds (
      stationId VARCHAR NOT NULL,
      event VARCHAR NOT NULL,
      windowNumber UTINYINT NOT NULL,
      month TIMESTAMP NOT NULL,
      tenth UTINYINT NOT NULL,
      n INTEGER NOT NULL,
      oddsSum FLOAT NOT NULL,
      came INTEGER NOT NULL
    );
    INSERT INTO extremeOdds BY NAME SELECT 'frost' AS event, * FROM frostOdds;
    DROP TABLE frostOdds;
  `,
  // Questions over several hours are answered.
  `
    CREATE TABLE questionScores (
      stationId VARCHAR NOT NULL,
      question VARCHAR NOT NULL,
      windowNumber UTINYINT NOT NULL,
      month TIMESTAMP NOT NULL,
      n INTEGER NOT NULL,
      meanError FLOAT NOT NULL,
      meanAbsoluteError FLOAT NOT NULL,
      crps FLOAT NOT NULL,
      commonCrps FLOAT NOT NULL,
      belowP10 INTEGER NOT NULL,
      aboveP90 INTEGER NOT NULL,
      brier FLOAT,
      commonBrier FLOAT,
      came INTEGER NOT NULL
    );
  `,
  // What was forecast each evening, and what came.
  `
    CREATE TABLE evenings (
      stationId VARCHAR NOT NULL,
      issuedTime TIMESTAMP NOT NULL,
      madeTime TIMESTAMP NOT NULL,
      digest VARCHAR NOT NULL,
      kind VARCHAR NOT NULL,
      endTime TIMESTAMP NOT NULL,
      p025 DOUBLE NOT NULL, p10 DOUBLE NOT NULL, p25 DOUBLE NOT NULL, p50 DOUBLE NOT NULL,
      p75 DOUBLE NOT NULL, p90 DOUBLE NOT NULL, p975 DOUBLE NOT NULL,
      frost DOUBLE,
      persistenceC DOUBLE, nbmC DOUBLE, nwsC DOUBLE, otherC DOUBLE,
      truthC DOUBLE,
      hoursMissing UTINYINT
    );
  `,
];

/** The version of `schema.sql`. */
export const schemaVersion = oldestVersion + migrations.length;

/** Why a store or a checkpoint of this version can't be read; null when it can. */
export function versionProblem(version: number): string | null {
  if (version > schemaVersion) return `schema version ${version} is newer than ${schemaVersion}; update isotherm`;
  if (version >= oldestVersion) return null;
  return `schema version ${version} is no longer read, only ${oldestVersion} and later; start again in an empty folder`;
}
