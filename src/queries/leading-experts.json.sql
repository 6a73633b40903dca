-- Which expert has the largest weight in each station's mixture, and until when: one row per change.
WITH leaders AS (
  SELECT stationId, leadHours, time, arg_max(model, weight) AS model
  FROM expertWeights
  WHERE variable = 'temperature'
  GROUP BY ALL
  HAVING max(weight) > 0
),
changes AS (
  SELECT *, max(time) OVER station AS newestTime
  FROM leaders
  WINDOW station AS (PARTITION BY stationId, leadHours)
  QUALIFY model IS DISTINCT FROM lag(model) OVER (station ORDER BY time)
)
SELECT coalesce(icao, stationId) AS station, leadHours, model, time AS fromTime,
  coalesce(lead(time) OVER (PARTITION BY stationId, leadHours ORDER BY time), newestTime) AS untilTime
FROM changes JOIN stations USING (stationId)
WHERE time < newestTime
ORDER BY station, leadHours, fromTime;
