/** The console as a whole: its looks, its data, its routes. */
import { MantineProvider } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isWorthRetrying } from "./api/failure.ts";
import { onSessionChange, sessionNow } from "./api/session.ts";
import { router } from "./router.tsx";
import { cssVariables, theme } from "./theme.ts";

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (count, cause) => count < 2 && isWorthRetrying(cause),
    },
  },
});

let isSignedIn = sessionNow() !== undefined;

// Whoever signs in may be somebody else than who was here before.
onSessionChange(() => {
  const was = isSignedIn;
  isSignedIn = sessionNow() !== undefined;
  if (isSignedIn && !was) queryClient.clear();
});

export function App(): ReactNode {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <ModalsProvider>
          <Notices />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Where they lie over nothing that is to be used next: buttons stand at the right and at the end of a screen. */
function Notices(): ReactNode {
  const isWide = useMediaQuery("(min-width: 48em)");
  return <Notifications position={isWide ? "top-center" : "bottom-center"} />;
}
