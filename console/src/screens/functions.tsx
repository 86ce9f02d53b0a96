/** The app's functions: their sources, their settings, and a run to see what they do. */
import { Badge, Button, Group, NavLink, Paper, Grid, Text, TextInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { type AppFunction, functionsQuery } from "../api/parts-of-app.ts";
import { ScreenFrame } from "../parts/screen.tsx";
import { Empty } from "../parts/states.tsx";
import { useCurrentApp } from "../shell/current-app.ts";
import { FunctionEditor } from "./functions/editor.tsx";

export function Screen(): ReactNode {
  const { path } = useCurrentApp();
  const { data: functions } = useSuspenseQuery(functionsQuery(path));
  const { name } = useSearch({ strict: false }) as { readonly name?: string };
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
        <Button
          onClick={() => {
            choose("");
          }}
        >
          New function
        </Button>
      }
    >
      {functions.length === 0 && !isNew ? (
        <Empty
          title="No function yet"
          action={
            <Button
              variant="light"
              onClick={() => {
                choose("");
              }}
            >
              Write the first one
            </Button>
          }
        >
          A function can read and write data, call other services, and answer the requests of an
          endpoint.
        </Empty>
      ) : (
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
              <TextInput
                aria-label="Find a function"
                placeholder="Find"
                size="xs"
                mb="xs"
                value={filter}
                onChange={(event) => {
                  setFilter(event.currentTarget.value);
                }}
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
                onSaved={choose}
                onDeleted={() => {
                  choose(undefined);
                }}
              />
            ) : (
              <Text c="dimmed">Choose a function, or write a new one.</Text>
            )}
          </Grid.Col>
        </Grid>
      )}
    </ScreenFrame>
  );
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
