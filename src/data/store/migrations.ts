/** Older stores and checkpoints are refused: no release ever wrote one. */
export const oldestVersion = 2;

/** `migrations[i]` turns a store of version `oldestVersion` + i into the next. `schema.sql` is always the newest version. */
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
];

/** The version of `schema.sql`. */
export const schemaVersion = oldestVersion + migrations.length;

/** Why a store or a checkpoint of this version can't be read; null when it can. */
export function versionProblem(version: number): string | null {
  if (version > schemaVersion) return `schema version ${version} is newer than ${schemaVersion}; update isotherm`;
  if (version >= oldestVersion) return null;
  return `schema version ${version} is no longer read, only ${oldestVersion} and later; start again in an empty folder`;
}
