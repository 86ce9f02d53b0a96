/** Flags that tell where the state lies. */
import { Option } from "commander";

export interface StateFlags {
  readonly data: string;
  readonly state?: string;
  readonly stateDatabase?: string;
}

export function dataOption(): Option {
  return new Option("--data <DIR>", "data directory").env("PETIOLE_DATA").default("./data");
}

export function stateOption(): Option {
  return new Option("--state <URI>", "MongoDB that holds the state").env("PETIOLE_STATE");
}

export function stateDatabaseOption(): Option {
  return new Option("--state-database <NAME>", "its database there").env("PETIOLE_STATE_DATABASE");
}
