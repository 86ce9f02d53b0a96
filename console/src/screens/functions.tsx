/** The app's functions: their sources, their settings, and a run to see what they do. */
import { Badge, Grid, Group, NavLink, Paper, Tabs, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, Suspense, useState } from "react";
import { type AppFunction, functionsQuery } from "../api/parts-of-app.ts";
import { ChangeButton } from "../parts/change-button.tsx";
import { TextField } from "../parts/fields.tsx";
import { ScreenFrame } from "../parts/screen.tsx";
import { Empty, Waiting } from "../parts/states.tsx";
import { useCurrentApp } from "../shell/current-app.ts";
import { Dependencies } from "./functions/dependencies.tsx";
import { FunctionEditor } from "./functions/editor.tsx";

export function Screen(): ReactNode {
  const { path } = useCurrentApp();
  const { data: functions } = useSuspenseQuery(functionsQuery(path));
  const { name, tab } = useSearch({ strict: false }) as {
    readonly name?: string;
    readonly tab?: string;
  };
  const navigate = useNavigate();
  const [filter, setFilter] = useState("");
  const choose = (chosen: string | undefined): void => {
    void navigate({ to: ".", search: chosen === undefined ? {} : { name: chosen } });
  };
  const isNew = name === "";
  const chosen = functions.find((each) => each.name === name);
  const shown = functions.filter((each) => each.name.toLowerCase().includes(filter.toLowerCase()));
  return (
    <ScreenFrame
      title="Functions"
      purpose="JavaScript that runs on the server: behind endpoints, in rules, on a schedule, or called by clients."
      actions={
        <ChangeButton
          onClick={() => {
            choose("");
          }}
        >
          New function
        </ChangeButton>
      }
    >
      <Tabs
        value={tab === "dependencies" ? tab : "functions"}
        keepMounted={false}
        onChange={(next) => {
          void navigate({ to: ".", search: next === "dependencies" ? { tab: next } : {} });
        }}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="functions">Functions</Tabs.Tab>
          <Tabs.Tab value="dependencies">Dependencies</Tabs.Tab>
        </Tabs.List>
        <Suspense fallback={<Waiting />}>
          <Tabs.Panel value="functions">{list()}</Tabs.Panel>
          <Tabs.Panel value="dependencies">
            <Dependencies />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </ScreenFrame>
  );

  function list(): ReactNode {
    if (functions.length === 0 && !isNew)
      return (
        <Empty
          title="No function yet"
          action={
            <ChangeButton
              variant="light"
              onClick={() => {
                choose("");
              }}
            >
              Write the first one
            </ChangeButton>
          }
        >
          A function can read and write data, call other services, and answer the requests of an
          endpoint.
        </Empty>
      );
    return (
      <Grid>
        <Grid.Col span={{ base: 12, md: 3 }}>
          <Paper
            withBorder
            p="xs"
            component="nav"
            aria-label="Functions"
            mah={640}
            style={{ overflow: "auto" }}
          >
            <TextField
              aria-label="Find a function"
              placeholder="Find"
              size="xs"
              mb="xs"
              value={filter}
              onChange={setFilter}
            />
            {shown.map((each) => (
              <FunctionLink
                key={each._id}
                made={each}
                isChosen={each.name === name}
                onChoice={() => {
                  choose(each.name);
                }}
              />
            ))}
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 9 }}>
          {isNew || chosen !== undefined ? (
            <FunctionEditor
              key={chosen?._id ?? "new"}
              made={chosen}
              tab={tab ?? "source"}
              onTab={(next) => {
                void navigate({
                  to: ".",
                  search: { ...(name !== undefined && { name }), tab: next },
                  replace: true,
                });
              }}
              onSaved={choose}
              onDeleted={() => {
                choose(undefined);
              }}
            />
          ) : (
            <Empty title="No function chosen">
              Choose one of the list to read, change or run it; or write a new one.
            </Empty>
          )}
        </Grid.Col>
      </Grid>
    );
  }
}

function FunctionLink({
  made,
  isChosen,
  onChoice,
}: {
  readonly made: AppFunction;
  readonly isChosen: boolean;
  readonly onChoice: () => void;
}): ReactNode {
  return (
    <NavLink
      component="button"
      type="button"
      active={isChosen}
      aria-current={isChosen}
      onClick={onChoice}
      label={
        <Group gap={6} wrap="nowrap">
          <Text size="sm" className="mono break">
            {made.name}
          </Text>
          {made.private && (
            <Badge size="xs" variant="light" color="gray">
              private
            </Badge>
          )}
          {made.run_as_system && (
            <Badge size="xs" variant="light">
              system
            </Badge>
          )}
        </Group>
      }
    />
  );
}
