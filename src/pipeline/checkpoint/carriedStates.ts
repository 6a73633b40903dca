/**
 * Which state of each station a checkpoint carries: the newest; or that of the newest whole day, which stays the same
 * all day long, and after which the hours of the day are learned anew.
 */
export const carriedStates = ["newest", "daily"] as const;
export type CarriedStates = (typeof carriedStates)[number];
