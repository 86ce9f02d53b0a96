/** npm packages that functions may require. */
import { FileButton, Group, Table, Text } from "@mantine/core";
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { Failure } from "../../api/failure.ts";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { DownloadButton } from "../../parts/download-button.tsx";
import { TextField } from "../../parts/fields.tsx";
import { Section } from "../../parts/section.tsx";
import { Empty, NotSaved } from "../../parts/states.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { useMayChange } from "../../shell/may-change.ts";

interface Package {
  readonly name: string;
  readonly version: string;
}

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
}

function dependenciesQuery(path: string) {
  return queryOptions({
    queryKey: [path, "dependencies"],
    queryFn: async () =>
      call<{ readonly dependencies_list: readonly Package[] }>({ path: `${path}/dependencies` }),
  });
}

/** Null where packages came as an archive, or none did. */
function packageJsonQuery(path: string) {
  return queryOptions({
    queryKey: [path, "dependencies", "package.json"],
    queryFn: async () => {
      try {
        return await call<PackageJson>({ path: `${path}/dependencies/package.json` });
      } catch (cause) {
        if (cause instanceof Failure && cause.status === 404) return null;
        throw cause;
      }
    },
  });
}

export function Dependencies(): ReactNode {
  const { path } = useCurrentApp();
  const { data: found } = useSuspenseQuery(dependenciesQuery(path));
  const { data: named } = useSuspenseQuery(packageJsonQuery(path));
  const act = useAct([path], { showsFailure: true });
  const wanted = named?.dependencies ?? {};
  const packages = found.dependencies_list;
  const isArchive = named === null && packages.length > 0;

  function put(file: File, done: string, after?: () => void): void {
    const body = new FormData();
    body.append("file", file, file.name);
    act.mutate({
      run: async () => call({ method: "PUT", path: `${path}/dependencies`, body }),
      done,
      ...(after && { after }),
    });
  }

  function putNames(names: Readonly<Record<string, string>>, done: string, after?: () => void) {
    const content = JSON.stringify({ ...named, dependencies: names }, null, 2);
    put(new File([content], "package.json", { type: "application/json" }), done, after);
  }

  return (
    <Section
      title="Dependencies"
      purpose="Packages for require(), installed when they are saved, and live at once: they are no part of a draft."
      actions={
        <>
          {packages.length > 0 && (
            <>
              <DownloadButton
                path={`${path}/dependencies/archive`}
                name="node_modules.zip"
                label="Download all packages"
              />
              <DeleteButton
                verb="Remove all"
                title="Take all packages away?"
                text="Functions that require one fail from then on."
                onConfirm={() => {
                  act.mutate({
                    run: async () => call({ method: "DELETE", path: `${path}/dependencies` }),
                    done: "No package is installed any more",
                  });
                }}
              />
            </>
          )}
          <FileButton
            accept=".json,.zip,.tar,.tgz,.gz"
            onChange={(file) => {
              if (file !== null) put(file, `${file.name} is installed and live`);
            }}
          >
            {(props) => (
              <ChangeButton size="xs" variant="light" loading={act.isPending} {...props}>
                Upload package.json or archive …
              </ChangeButton>
            )}
          </FileButton>
        </>
      }
    >
      <NewPackage
        isPending={act.isPending}
        onAdd={(name, version, after) => {
          putNames({ ...wanted, [name]: version }, `${name} is installed and live`, after);
        }}
      />
      {act.isPending && (
        <Text size="sm" role="status">
          Packages are being installed: this may take a minute.
        </Text>
      )}
      {isArchive && (
        <Text size="sm" c="dimmed">
          These came as an archive. What is added by name comes in place of all of them.
        </Text>
      )}
      {act.isError && <NotSaved cause={act.error} />}
      {packages.length === 0 ? (
        <Empty title="No package yet">
          Node&apos;s own modules are there without one, but for those that start processes.
        </Empty>
      ) : (
        <Table>
          <Table.Tbody>
            {packages.map(({ name, version }) => (
              <Table.Tr key={name}>
                <Table.Td className="mono break">{name}</Table.Td>
                <Table.Td className="mono">{version}</Table.Td>
                <Table.Td ta="right">
                  {name in wanted ? (
                    <DeleteButton
                      title={`Take ${name} away?`}
                      text="Functions that require it fail from then on."
                      onConfirm={() => {
                        const others = Object.entries(wanted).filter(([each]) => each !== name);
                        putNames(Object.fromEntries(others), `${name} is gone`);
                      }}
                    />
                  ) : (
                    <Text span size="xs" c="dimmed">
                      {isArchive ? "from the archive" : "comes with another"}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

function NewPackage({
  isPending,
  onAdd,
}: {
  readonly isPending: boolean;
  readonly onAdd: (name: string, version: string, after: () => void) => void;
}): ReactNode {
  const mayChange = useMayChange();
  const [name, setName] = useState("");
  const [version, setVersion] = useState("latest");
  if (!mayChange) return null;
  function submit(event: FormEvent): void {
    event.preventDefault();
    onAdd(name.trim(), version.trim(), () => {
      setName("");
    });
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <TextField label="Package" placeholder="lodash" value={name} onChange={setName} required />
        <TextField label="Version" value={version} onChange={setVersion} required w={140} />
        <ChangeButton type="submit" loading={isPending}>
          Add the package
        </ChangeButton>
      </Group>
    </form>
  );
}
