import { Group, NumberInput, SimpleGrid, Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { type AppLimits, limitsQuery } from "../../api/settings.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { Section } from "../../parts/section.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

const labels: ReadonlyMap<string, string> = new Map([
  ["requestBytesMax", "Request body, in bytes"],
  ["responseBytesMax", "Answer, in bytes"],
  ["processingMsMax", "Processing, in ms"],
  ["requestsAtOnceMax", "Requests at once"],
  ["findLimitDefault", "Documents of a find that names no limit"],
  ["documentsMax", "Documents of one answer"],
  ["requestsPerKeyMax", "Requests per key and minute (0: no bound)"],
  ["requestsPerAddressMax", "Requests per address and minute (0: no bound)"],
]);

export function Limits(): ReactNode {
  const { path } = useCurrentApp();
  const { data: limits } = useSuspenseQuery(limitsQuery(path));
  return <LimitsForm key={JSON.stringify(limits)} limits={limits} />;
}

function LimitsForm({ limits }: { readonly limits: AppLimits }): ReactNode {
  const { path } = useCurrentApp();
  const act = useAct([path, "limits"]);
  const { effective, own } = limits;
  const [typed, setTyped] = useState<Readonly<Record<string, number | string>>>(own);
  function save(event: FormEvent): void {
    event.preventDefault();
    const changes = Object.fromEntries(
      Object.entries(typed).map(([name, value]) => [name, value === "" ? null : value]),
    );
    act.mutate({
      run: async () => call({ method: "PATCH", path: `${path}/limits`, body: changes }),
      done: "The limits hold from now on",
    });
  }
  return (
    <Section
      title="Limits"
      purpose="An empty field: as the server has it. They hold at once, and belong to no deployment."
    >
      <form onSubmit={save}>
        <Editable>
          <Stack>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              {Object.keys(effective).map((name) => (
                <NumberInput
                  key={name}
                  label={labels.get(name) ?? name}
                  placeholder={(effective[name] ?? 0).toLocaleString()}
                  value={typed[name] ?? ""}
                  min={0}
                  allowDecimal={false}
                  onChange={(value) => {
                    setTyped((former) => ({ ...former, [name]: value }));
                  }}
                />
              ))}
            </SimpleGrid>
            <Group>
              <ChangeButton type="submit" loading={act.isPending}>
                Save the limits
              </ChangeButton>
            </Group>
          </Stack>
        </Editable>
      </form>
    </Section>
  );
}
