/** Addresses of the console, behind `#`: so that they work below any path and need nothing of the server. */
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  parseSearchWith,
  redirect,
} from "@tanstack/react-router";
import { Suspense } from "react";
import { sessionNow } from "./api/session.ts";
import { FailedScreen, Waiting } from "./parts/states.tsx";
import { screens } from "./screens.ts";
import { SignIn } from "./session/sign-in.tsx";
import { AppChoice } from "./shell/app-choice.tsx";
import { LogLink } from "./shell/log-link.tsx";
import { Shell } from "./shell/shell.tsx";

const root = createRootRoute({ component: Outlet });

const signInRoute = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: SignIn,
  validateSearch: (search: Readonly<Record<string, unknown>>) => ({
    ...(typeof search["token"] === "string" && { token: search["token"] }),
    // A link must not lead whoever signs in to a place outside of the console.
    ...(typeof search["to"] === "string" && /^\/(?!\/)/.test(search["to"]) && { to: search["to"] }),
  }),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: Outlet,
  beforeLoad: ({ location }) => {
    if (sessionNow() === undefined)
      throw redirect({ to: "/sign-in", search: { to: location.href } });
  },
});

const homeRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: AppChoice,
  validateSearch: (search: Readonly<Record<string, unknown>>) => ({
    ...(search["all"] === true && { all: true }),
  }),
});

const logLinkRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/logs",
  component: LogLink,
  validateSearch: (search: Readonly<Record<string, unknown>>) => ({
    ...(typeof search["co_id"] === "string" && { co_id: search["co_id"] }),
  }),
});

const appRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/apps/$appId",
  component: Shell,
});

const screenRoutes = screens.map(({ path, Screen }) =>
  createRoute({
    getParentRoute: () => appRoute,
    path,
    // What a screen keeps in its address (filters, a page, a chosen row) it reads and checks itself.
    validateSearch: (search: Readonly<Record<string, unknown>>) => search,
    component: () => (
      <Suspense fallback={<Waiting />}>
        <Screen />
      </Suspense>
    ),
  }),
);

/** An id without letters, or with an `e` alone, is not a number. */
function parseValue(text: string): unknown {
  return /^[0-9a-f]{24}$/.test(text) ? text : (JSON.parse(text) as unknown);
}

export const router = createRouter({
  routeTree: root.addChildren([
    signInRoute,
    signedIn.addChildren([homeRoute, logLinkRoute, appRoute.addChildren(screenRoutes)]),
  ]),
  history: createHashHistory(),
  parseSearch: parseSearchWith(parseValue),
  defaultErrorComponent: ({ error }) => <FailedScreen cause={error} />,
});
