/**
 * Which state of each station a checkpoint carries: the newest; or that of the newest whole day, which stays the same
 * all day long, and after which the hours of the day are learned anew; or both, for who publishes and saves in its turn.
 */
export const carriedStates = ["newest", "daily", "both"] as const;
export type CarriedStates = (typeof carriedStates)[number];
