/** Whether changes are collected in a draft, or deployed each at once; kept in this browser. */
import { useSyncExternalStore } from "react";

export type DeployMode = "draft" | "atOnce";

const storageKey = "petiole.deploy-mode";
const listeners = new Set<() => void>();

export function deployModeNow(): DeployMode {
  return localStorage.getItem(storageKey) === "atOnce" ? "atOnce" : "draft";
}

export function setDeployMode(mode: DeployMode): void {
  localStorage.setItem(storageKey, mode);
  for (const listener of listeners) listener();
}

export function useDeployMode(): DeployMode {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, deployModeNow);
}
