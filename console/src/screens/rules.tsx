/** Who may do what with documents, what documents look like, and why something is allowed or not. */
import { Grid, Select, Stack, Tabs } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { servicesQuery } from "../api/rules.ts";
import { ScreenFrame } from "../parts/screen.tsx";
import { Empty, Waiting } from "../parts/states.tsx";
import { useCurrentApp } from "../shell/current-app.ts";
import { CollectionRulesEditor, DefaultRulesEditor } from "./rules/editors.tsx";
import { Places, type RulePlace } from "./rules/places.tsx";
import { SchemaEditor } from "./rules/schema.tsx";
import { Simulator } from "./rules/simulator.tsx";

interface RulesSearch {
  readonly service?: string;
  readonly db?: string;
  readonly coll?: string;
  readonly tab?: string;
}

export function Screen(): ReactNode {
  const { path } = useCurrentApp();
  const { data: services } = useSuspenseQuery(servicesQuery(path));
  const { service: wanted, db, coll, tab = "rules" } = useSearch({ strict: false }) as RulesSearch;
  const navigate = useNavigate();
  const service = services.find(({ name }) => name === wanted) ?? services[0];
  const place = db === undefined || coll === undefined ? undefined : { db, coll };
  const go = (search: RulesSearch): void => {
    void navigate({ to: ".", search });
  };
  return (
    <ScreenFrame
      title="Rules & schema"
      purpose="Clients see and change what a role allows. A collection without rules of its own has the default ones."
    >
      {service === undefined ? (
        <Empty title="No data source">Link one first: rules belong to its collections.</Empty>
      ) : (
        <Grid>
          <Grid.Col span={{ base: 12, md: 3 }}>
            <Stack gap="xs">
              {services.length > 1 && (
                <Select
                  aria-label="Data source"
                  data={services.map(({ name }) => name)}
                  value={service.name}
                  allowDeselect={false}
                  onChange={(name) => {
                    if (name !== null) go({ service: name });
                  }}
                />
              )}
              <Places
                service={service}
                chosen={place}
                onChoice={(next) => {
                  go({ service: service.name, ...next, tab });
                }}
              />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 9 }}>
            <Tabs
              value={place === undefined ? "rules" : tab}
              keepMounted={false}
              onChange={(next) => {
                go({ service: service.name, ...place, tab: next ?? "rules" });
              }}
            >
              <Tabs.List mb="sm">
                <Tabs.Tab value="rules">Rules</Tabs.Tab>
                <Tabs.Tab value="schema" disabled={place === undefined}>
                  Schema
                </Tabs.Tab>
                <Tabs.Tab value="simulator" disabled={place === undefined}>
                  Simulator
                </Tabs.Tab>
              </Tabs.List>
              <Suspense fallback={<Waiting />}>
                <Tabs.Panel value="rules">
                  {place === undefined ? (
                    <DefaultRulesEditor key={service._id} service={service} />
                  ) : (
                    <CollectionRulesEditor key={keyOf(place)} service={service} place={place} />
                  )}
                </Tabs.Panel>
                {place !== undefined && (
                  <>
                    <Tabs.Panel value="schema">
                      <SchemaEditor key={keyOf(place)} service={service} place={place} />
                    </Tabs.Panel>
                    <Tabs.Panel value="simulator">
                      <Simulator key={keyOf(place)} service={service} place={place} />
                    </Tabs.Panel>
                  </>
                )}
              </Suspense>
            </Tabs>
          </Grid.Col>
        </Grid>
      )}
    </ScreenFrame>
  );
}

function keyOf({ db, coll }: RulePlace): string {
  return JSON.stringify([db, coll]);
}
