/** A place has no checkpoint, or what it has is damaged: not said of a place that can't be reached or read. */
export class InvalidCheckpointError extends Error {}
