-- Turns an empty store of the newest schema into one of version 2.
ALTER TABLE ledger DROP COLUMN guidanceSeen;
ALTER TABLE ledger DROP COLUMN guidanceDigest;
DROP TABLE evenings;
DROP TABLE extremes;
DROP TABLE learnAgain;
DROP TABLE extremeScores;
DROP TABLE liveExtremeScores;
DROP TABLE extremeOdds;
DROP TABLE questionScores;
DROP VIEW guidanceSeen;
DROP TABLE guidance;
DROP TABLE guidanceRuns;
CREATE TABLE officialForecasts (
  stationId VARCHAR NOT NULL,
  issuedTime TIMESTAMP NOT NULL,
  generatedTime TIMESTAMP NOT NULL,
  updateTime TIMESTAMP NOT NULL,
  leadHours UTINYINT NOT NULL,
  temperatureC DOUBLE NOT NULL,
  dewPointC DOUBLE
);
ALTER TABLE liveScores ALTER COLUMN pairedWith TYPE BOOLEAN USING pairedWith <> '';
ALTER TABLE liveScores RENAME COLUMN pairedWith TO paired;
ALTER TABLE ewmae ADD COLUMN validation FLOAT;
ALTER TABLE ewmae ADD COLUMN training FLOAT;
DROP TABLE ewmaeHours;
DROP TABLE networkStations;
ALTER TABLE liveScores DROP COLUMN modelVersion;
ALTER TABLE hours DROP COLUMN inNetwork;
DROP TABLE networkPlaces;
DROP TABLE networkStates;
DROP TABLE networkFields;
UPDATE meta SET value = '2' WHERE key = 'schemaVersion';
