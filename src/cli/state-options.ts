/** Flags that tell where the state lies. */
import { type Command, Option } from "commander";

export interface StateFlags {
  readonly data: string;
  readonly state?: string;
  readonly stateDatabase?: string;
  readonly server?: string;
}

/** Adds the flags that tell where a command works. */
export function withPlace(command: Command): Command {
  return command
    .addOption(dataOption())
    .addOption(stateOption())
    .addOption(stateDatabaseOption())
    .addOption(serverOption());
}

export function dataOption(): Option {
  return new Option("--data <DIR>", "data directory").env("PETIOLE_DATA").default("./data");
}

function serverOption(): Option {
  const help = "a server that you have logged in to";
  return new Option("--server <URL>", help).env("PETIOLE_SERVER");
}

function stateOption(): Option {
  return new Option("--state <URI>", "MongoDB that holds the state").env("PETIOLE_STATE");
}

function stateDatabaseOption(): Option {
  return new Option("--state-database <NAME>", "its database there").env("PETIOLE_STATE_DATABASE");
}
