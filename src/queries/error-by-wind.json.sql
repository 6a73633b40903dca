-- The mean absolute error of the published temperature forecast on calm and on windy days: each UTC day by its mean wind,
-- in classes of 1 m/s, over all stations.
WITH winds AS (
  SELECT stationId, date_trunc('day', validTime) AS day, avg(windSpeedMs) AS windSpeedMs
  FROM stored.learnedHours
  GROUP BY ALL
)
SELECT leadHours, floor(windSpeedMs) AS windFromMs, avg(publishedMae) AS maeC, count(*) AS days
FROM stored.dailyLosses JOIN winds USING (stationId, day)
WHERE variable = 'temperature' AND model = 'persistence' AND windSpeedMs IS NOT NULL
GROUP BY ALL
ORDER BY leadHours, windFromMs;
