/** Sources within GHCNh whose quality codes are those of ISD. */
const isdCoded = new Set(["313", "314", "315", "322", "335", "343", "344", "346"]);
/** Sources with codes of their own, where 5 means removed. */
const ownCoded = new Set(["220", "221", "222", "223", "347", "348"]);

const isdAccepted = new Set(["", ..."01459ACUPIMR"]);
const ownAccepted = new Set(["", "0", "1", "4"]);
const otherAccepted = new Set(["", "0", "1", "5"]);

/** Of api.weather.gov: verified, subjectively good, coarse pass, preliminary (not yet checked), good by hand. */
const nwsAccepted = new Set(["", "V", "S", "C", "Z", "G"]);

/** The source code given to values of api.weather.gov. */
export const nwsSourceCode = "NWS";

/** The source code given to values of ISD itself. */
export const isdSourceCode = "ISD";

/**
 * Whether a value with this quality code may be used. What a code means depends on the source it came from; a lowercase
 * letter is a failure found after merging, whatever the source.
 */
export function acceptsQuality(quality: string, sourceCode: string): boolean {
  if (isdCoded.has(sourceCode) || sourceCode === isdSourceCode) return isdAccepted.has(quality);
  if (ownCoded.has(sourceCode)) return ownAccepted.has(quality);
  if (sourceCode === nwsSourceCode) return nwsAccepted.has(quality);
  return otherAccepted.has(quality);
}
