/** Sources within GHCNh with the quality codes of ISD. */
const isdCoded = new Set(["313", "314", "315", "322", "335", "343", "344", "346"]);
/** Sources with their own codes, where 5 means removed. */
const ownCoded = new Set(["220", "221", "222", "223", "347", "348"]);

const isdAccepted = new Set(["", ..."01459ACUPIMR"]);
const ownAccepted = new Set(["", "0", "1", "4"]);
const otherAccepted = new Set(["", "0", "1", "5"]);

/** Codes of api.weather.gov: verified, subjectively good, coarse pass, preliminary (not yet checked), good by hand. */
const nwsAccepted = new Set(["", "V", "S", "C", "Z", "G"]);

/** The source code given to values of api.weather.gov. */
export const nwsSourceCode = "NWS";

/** The source code given to values of ISD itself. */
export const isdSourceCode = "ISD";

/**
 * Whether a value with this quality code may be used. The meaning of a code depends on its source; a lowercase letter is
 * a failure found after merging, for every source.
 */
export function acceptsQuality(quality: string, sourceCode: string): boolean {
  if (isdCoded.has(sourceCode) || sourceCode === isdSourceCode) return isdAccepted.has(quality);
  if (ownCoded.has(sourceCode)) return ownAccepted.has(quality);
  if (sourceCode === nwsSourceCode) return nwsAccepted.has(quality);
  return otherAccepted.has(quality);
}
