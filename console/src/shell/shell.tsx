/** The frame around every screen: navigation, the app's name, colours, the palette, signing out. */
import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Group,
  Image,
  Menu,
  NavLink,
  ScrollArea,
  Stack,
  Text,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconCode, IconLogout, IconSearch } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { signOut } from "../api/client.ts";
import { appsQuery } from "../api/server.ts";
import { onSessionChange, sessionNow } from "../api/session.ts";
import { ApiCalls } from "../parts/api-calls.tsx";
import { Waiting } from "../parts/states.tsx";
import { screens } from "../screens.ts";
import { ColorScheme } from "./color-scheme.tsx";
import { useCurrentApp } from "./current-app.ts";
import { DraftButton } from "./draft-button.tsx";
import { openPalette, Palette } from "./palette.tsx";

export function Shell(): ReactNode {
  return (
    <Suspense fallback={<Waiting />}>
      <Frame />
    </Suspense>
  );
}

function Frame(): ReactNode {
  const app = useCurrentApp();
  const [isOpen, { toggle, close }] = useDisclosure();
  const [showsCalls, setShowsCalls] = useState(false);
  const showCalls = (): void => {
    setShowsCalls(true);
  };
  const navigate = useNavigate();
  const session = useSyncExternalStore(onSessionChange, sessionNow);
  useEffect(() => {
    if (session === undefined) void navigate({ to: "/sign-in", search: {} });
  }, [session, navigate]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? "Close the navigation" : "Open the navigation"}
            />
            <Image src="./petiole.svg" alt="Petiole" w={26} h={26} visibleFrom="xs" />
            <AppMenu />
          </Group>
          <Group gap={4} wrap="nowrap">
            <DraftButton />
            <Tooltip label="Go to … (Ctrl K)">
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label="Search screens and actions"
                onClick={openPalette}
              >
                <IconSearch size={18} />
              </ActionIcon>
            </Tooltip>
            <Group gap={4} wrap="nowrap" visibleFrom="sm">
              <Tooltip label="The API calls of this screen">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label="Show the API calls"
                  onClick={showCalls}
                >
                  <IconCode size={18} />
                </ActionIcon>
              </Tooltip>
              <ColorScheme />
              <Tooltip label="Sign out">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label="Sign out"
                  onClick={() => void signOut()}
                >
                  <IconLogout size={18} />
                </ActionIcon>
              </Tooltip>
            </Group>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar>
        <AppShell.Section grow component={ScrollArea} type="auto" p="xs">
          <Navigation appId={app._id} onChoice={close} />
        </AppShell.Section>
        {/* On a narrow screen the header has room for the app's name and little else. */}
        <AppShell.Section hiddenFrom="sm" p="xs">
          <Group gap="xs">
            <ColorScheme />
            <Button
              variant="subtle"
              color="gray"
              size="compact-md"
              leftSection={<IconCode size={18} />}
              onClick={() => {
                close();
                showCalls();
              }}
            >
              API calls
            </Button>
            <Button
              variant="subtle"
              color="gray"
              size="compact-md"
              leftSection={<IconLogout size={18} />}
              onClick={() => void signOut()}
            >
              Sign out
            </Button>
          </Group>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
      <Palette app={app} />
      <ApiCalls
        isOpen={showsCalls}
        onClose={() => {
          setShowsCalls(false);
        }}
      />
    </AppShell>
  );
}

function AppMenu(): ReactNode {
  const app = useCurrentApp();
  const { data: apps } = useSuspenseQuery(appsQuery);
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <UnstyledButton title="Choose another app" miw={0}>
          <Group gap={6} wrap="nowrap" miw={0}>
            <Stack gap={0} miw={0}>
              <Text fw={600} size="sm" truncate>
                {app.name}
              </Text>
              <Text size="xs" c="dimmed" className="mono" truncate>
                {app.client_app_id}
              </Text>
            </Stack>
            <IconChevronDown size={14} />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Apps of this server</Menu.Label>
        {apps.map((each) => (
          <Menu.Item
            key={each._id}
            renderRoot={(props: object) => <Link to={`/apps/${each._id}/start`} {...props} />}
          >
            {each.name}{" "}
            <Text span size="xs" c="dimmed" className="mono">
              {each.client_app_id}
            </Text>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          renderRoot={(props: object) => <Link to="/" search={{ all: true }} {...props} />}
        >
          All apps, and a new one …
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Navigation({
  appId,
  onChoice,
}: {
  readonly appId: string;
  readonly onChoice: () => void;
}): ReactNode {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const sections = [...new Set(screens.map(({ section }) => section))];
  return (
    <nav aria-label="Screens">
      {sections.map((section) => (
        <Stack gap={2} mb="md" key={section}>
          <Text size="xs" fw={600} c="dimmed" tt="uppercase" px="sm">
            {section}
          </Text>
          {screens
            .filter((each) => each.section === section)
            .map(({ path: own, label, icon: Icon }) => {
              const to = `/apps/${appId}/${own}`;
              const isHere = path === to || path.startsWith(`${to}/`);
              return (
                <NavLink
                  key={own}
                  label={label}
                  leftSection={<Icon size={18} stroke={1.6} />}
                  active={isHere}
                  aria-current={isHere ? "page" : undefined}
                  onClick={onChoice}
                  renderRoot={(props: object) => <Link to={to} {...props} />}
                />
              );
            })}
        </Stack>
      ))}
    </nav>
  );
}
