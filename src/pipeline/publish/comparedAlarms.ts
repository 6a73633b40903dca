/** Neighbours are so near, km, and at most so many; with fewer than the least, nothing is concluded. */
const farthestKm = 250;
const mostNeighbours = 8;
const leastNeighbours = 3;
/** A change is the last day minus the same hours of the day in so many days before. */
const usualDays = 14;
/** Hours of the last day that must be comparable. */
const leastHours = 12;
/** Neighbours share a change when theirs is at least this large, °C, and at least half as large. */
const leastSharedC = 1;
/** A station stands out when its change exceeds that of its neighbours by this, °C. */
const standsOutC = 2;

/**
 * SQL that selects the alarms, compared with the neighbours of their stations: table `alarms` with `changeC`, `neighbours`,
 * `neighbourChangeC` (the median) and `cause`. An alarm says that observations were on one side of the forecasts. If the
 * network's stations around changed the same way, that was the weather; if the station alone did, its sensor may have
 * moved or changed. Values are those of the alarm's hour and before, as they were first seen.
 */
export const comparedAlarms = `
  WITH raised AS (FROM alarms),
  near AS (
    SELECT own.stationId, other.stationId AS otherId, 2 * 6371 * asin(sqrt(
        pow(sin(radians(other.latitude - own.latitude) / 2), 2) + cos(radians(own.latitude)) * cos(radians(other.latitude))
        * pow(sin(radians(other.longitude - own.longitude) / 2), 2))) AS km
    FROM networkPlaces AS own JOIN networkPlaces AS other ON own.stationId <> other.stationId
    WHERE own.stationId IN (SELECT stationId FROM raised) AND km <= ${farthestKm}
    QUALIFY row_number() OVER (PARTITION BY own.stationId ORDER BY km, otherId) <= ${mostNeighbours}
  ), compared AS (
    SELECT DISTINCT stationId, stationId AS otherId FROM raised UNION ALL SELECT stationId, otherId FROM near
  ), hoursBefore AS (
    SELECT stationId, variable, time, otherId, (time - to_hours(ago::INTEGER)) AS validTime, ago % 24 AS slot, ago < 24 AS isLast
    FROM raised JOIN compared USING (stationId) CROSS JOIN range(${24 * (usualDays + 1)}) AS hoursAgo(ago)
  ), slots AS (
    SELECT h.stationId, h.variable, h.time, otherId, slot,
      avg(firstValue) FILTER (isLast) - avg(firstValue) FILTER (NOT isLast) AS change
    FROM hoursBefore AS h JOIN hours ON hours.stationId = otherId AND hours.variable = h.variable
      AND hours.validTime = h.validTime AND (inNetwork OR otherId = h.stationId)
    GROUP BY ALL
  ), changes AS (
    SELECT stationId, variable, time, otherId, avg(change) AS change FROM slots
    GROUP BY ALL HAVING count(change) >= ${leastHours}
  ), summed AS ( -- adding 0 leaves no negative zero
    SELECT stationId, variable, time, round(any_value(change) FILTER (otherId = stationId), 2) + 0 AS own,
      (count(*) FILTER (otherId <> stationId))::INTEGER AS neighbours,
      round(median(change) FILTER (otherId <> stationId), 2) + 0 AS around
    FROM changes GROUP BY ALL
  )
  SELECT stationId, variable, time, side, own AS changeC, coalesce(neighbours, 0) AS neighbours,
    around AS neighbourChangeC,
    CASE WHEN own IS NULL OR neighbours < ${leastNeighbours} THEN 'unknown'
      WHEN sign * around >= greatest(${leastSharedC}, sign * own / 2) THEN 'weather'
      WHEN sign * (own - around) >= ${standsOutC} THEN 'sensor'
      ELSE 'unknown' END AS cause
  FROM (SELECT *, if(side = 'forecasts too low', 1, -1) AS sign FROM raised) LEFT JOIN summed USING (stationId, variable, time)`;
