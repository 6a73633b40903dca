-- The low of each station's coldest night, and the median low of all its nights. A night lasts from noon to noon, local
-- time; nights with fewer than six observed hours are left out.
WITH nights AS (
  SELECT stationId, min(temperatureC) AS lowC, arg_min(validTime, temperatureC) AS lowTime,
    ((validTime AT TIME ZONE 'UTC' AT TIME ZONE timeZone) - INTERVAL 12 HOUR)::DATE AS evening
  FROM stored.hours JOIN stored.stations USING (stationId)
  GROUP BY stationId, evening
  HAVING count(temperatureC) >= 6
)
SELECT coalesce(icao, stationId) AS station, name,
  min(lowC) AS coldestC, arg_min(evening, lowC) AS evening, epoch_ms(arg_min(lowTime, lowC)) AS coldestTime, timeZone,
  median(lowC) AS usualC, count(*) AS nights
FROM nights JOIN stations USING (stationId)
GROUP BY ALL
ORDER BY coldestC, station;
