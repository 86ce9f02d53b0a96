import type { LoginContext } from "../auth/provider.ts";
import type { ClientCall } from "./call.ts";
import type { ClientServices } from "./client-services.ts";

/** What a call to a provider is made with. */
export function loginContextOf(
  { http }: ClientServices,
  { app, config, request, signal, entry }: ClientCall,
): LoginContext {
  return {
    app,
    config,
    address: http.clientAddress(request.raw),
    request: http.requestInfo(request.raw, { service: "", action: "" }),
    signal,
    findings: entry,
  };
}
