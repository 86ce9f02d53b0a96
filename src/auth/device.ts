/** What a client says of the device that its user logs in with. */
import { Doc } from "../bson/doc.ts";

export interface Device {
  /** 24 hex digits. */
  readonly id: string;
  readonly platform: string;
  readonly platformVersion: string;
  readonly sdkVersion: string;
  readonly appId: string;
  readonly appVersion: string;
}

/** The id of a device that told nothing of itself. */
export const noDeviceId = "000000000000000000000000";

/** Longer texts are cut: nobody needs them, and anybody may send them. */
const textLengthMax = 128;

/** @param options `options.device` of a login @param newId for a device that is new; 24 hex digits */
export function readSentDevice(options: Doc | undefined, newId: () => string): Device | undefined {
  if (options === undefined) return undefined;
  const device = readDevice(options);
  return /^[0-9a-f]{24}$/.test(device.id) && device.id !== noDeviceId
    ? device
    : { ...device, id: newId() };
}

export function readDevice(doc: Doc): Device {
  const text = (field: string): string => {
    const value = doc.get(field);
    return typeof value === "string" ? value.slice(0, textLengthMax) : "";
  };
  return {
    id: text("deviceId"),
    platform: text("platform"),
    platformVersion: text("platformVersion"),
    sdkVersion: text("sdkVersion"),
    appId: text("appId"),
    appVersion: text("appVersion"),
  };
}

export function toDeviceDoc(device: Device): Doc {
  const { id, ...others } = device;
  return Doc.of({ deviceId: id, ...others });
}
