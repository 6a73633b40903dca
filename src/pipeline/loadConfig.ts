import { type Config, type Environment, parseConfig } from "../shared/config.js";

/** The deployment's `isotherm.config.ts`, with what the environment overrides. */
export async function loadConfig({ env = process.env }: { env?: Environment } = {}): Promise<Config> {
  const module = await import("../../isotherm.config.js");
  return parseConfig(module.default, env);
}
