/** The administrator's draft: what would change, by file; deployed in one step, taken back in part or whole. */
import { Alert, Button, Code, Group, List, Radio, Stack, Text } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { call } from "../../api/client.ts";
import {
  deployDraft,
  type Draft,
  type DraftDiff,
  draftDiffQuery,
  draftsQuery,
  type Take,
} from "../../api/drafts.ts";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { TextField, Toggle } from "../../parts/fields.tsx";
import { PatchView } from "../../parts/patch-view.tsx";
import { Section } from "../../parts/section.tsx";
import { Empty, Failed } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { setDeployMode, useDeployMode } from "../../shell/deploy-mode.ts";
import { useMayChange } from "../../shell/may-change.ts";

export function DraftReview(): ReactNode {
  const { path } = useCurrentApp();
  const { data: drafts } = useSuspenseQuery(draftsQuery(path));
  const mayChange = useMayChange();
  const client = useQueryClient();
  // Whoever comes to deploy wants to know what is live now, not some seconds ago.
  useEffect(() => {
    void client.invalidateQueries({ queryKey: [path, "drafts"] });
    void client.invalidateQueries({ queryKey: ["draft diff", path] });
  }, [client, path]);
  const own = drafts.find((each) => each.own && each.revision > 0);
  const others = drafts.filter((each) => !each.own && each.revision > 0);
  return (
    <Stack>
      {others.map(({ _id, author, updated_at: at }) => (
        <Alert key={_id} color="orange" title={`${author} is changing this app too`}>
          <Text size="sm">
            Last change: <Time iso={at} />. What you both change is brought together when it is
            deployed; where that can not be, you are asked.
          </Text>
        </Alert>
      ))}
      {own === undefined ? (
        <Empty title="No change waits">
          Change a function, an endpoint, rules or settings: it is collected here until you deploy
          it.
        </Empty>
      ) : (
        <Waits key={own._id} draft={own} />
      )}
      {mayChange && <Mode />}
    </Stack>
  );
}

function Mode(): ReactNode {
  const mode = useDeployMode();
  return (
    <Toggle
      label="Deploy each change at once, instead of collecting them here"
      description="Of this browser. Changes still go into a draft that is open."
      checked={mode === "atOnce"}
      onChange={(isAtOnce) => {
        setDeployMode(isAtOnce ? "atOnce" : "draft");
      }}
    />
  );
}

function Waits({ draft }: { readonly draft: Draft }): ReactNode {
  const { path } = useCurrentApp();
  const [take, setTake] = useState<Take>();
  const { data: diff } = useSuspenseQuery(draftDiffQuery(path, draft, take));
  const act = useAct([path], { showsFailure: true });
  const navigate = useNavigate();
  const { value: typed, set, forget } = useKept("deployment", { message: "" });
  const { message } = typed;
  const [conflicts, setConflicts] = useState<readonly string[]>([]);
  // They are none once it is chosen whose content is taken; the choice stays to be seen.
  if (diff.conflicts.length > 0 && conflicts !== diff.conflicts) setConflicts(diff.conflicts);
  const base = `${path}/drafts/${draft._id}`;
  const isReady = diff.problems.length === 0 && diff.conflicts.length === 0;

  function deploy(): void {
    act.mutate({
      run: async () => deployDraft(path, draft._id, { message, ...(take && { take }) }),
      done: "Your changes are live",
      after: () => {
        forget();
        void navigate({ to: ".", search: {} });
      },
    });
  }

  return (
    <Section
      title="Your draft"
      purpose={
        <>
          Last change: <Time iso={draft.updated_at} />
        </>
      }
      actions={
        <DeleteButton
          title="Discard the draft?"
          text="All changes in it are lost. What is live stays as it is."
          verb="Discard"
          onConfirm={() => {
            act.mutate({
              run: async () => call({ method: "DELETE", path: base }),
              done: "The draft is discarded",
            });
          }}
        />
      }
    >
      <State diff={diff} />
      {conflicts.length > 0 && <Conflicts files={conflicts} take={take} onChange={setTake} />}
      {diff.changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          It changes nothing against what is live.
        </Text>
      ) : (
        <PatchView
          changes={diff.changes}
          actions={({ file }) => (
            <ChangeButton
              size="compact-xs"
              variant="subtle"
              color="red"
              onClick={() => {
                act.mutate({
                  run: async () =>
                    call({ method: "DELETE", path: `${base}/files`, query: { file } }),
                  done: `${file} is as it was`,
                });
              }}
            >
              Take this back
            </ChangeButton>
          )}
        />
      )}
      {act.isError && <Failed cause={act.error} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          deploy();
        }}
      >
        <Group align="flex-end">
          <TextField
            label="Message"
            placeholder="What this is for"
            value={message}
            onChange={(text) => {
              set({ message: text });
            }}
            maxLength={1000}
            flex={1}
            miw={220}
          />
          <Button
            type="submit"
            loading={act.isPending}
            disabled={!isReady || diff.changes.length === 0}
          >
            Deploy
          </Button>
        </Group>
      </form>
    </Section>
  );
}

function State({ diff }: { readonly diff: DraftDiff }): ReactNode {
  const { problems, warnings, is_outdated: isOutdated } = diff;
  return (
    <>
      {problems.length > 0 && <Lines title="To be mended first" color="red" lines={problems} />}
      {isOutdated && (
        <Alert color="blue" title="Something else went live since you began">
          <Text size="sm">Your changes are shown against what is live now, and keep it.</Text>
        </Alert>
      )}
      {warnings.length > 0 && <Lines title="Worth knowing" color="yellow" lines={warnings} />}
    </>
  );
}

function Lines({
  title,
  color,
  lines,
}: {
  readonly title: string;
  readonly color: string;
  readonly lines: readonly string[];
}): ReactNode {
  return (
    <Alert color={color} title={title}>
      <List size="sm">
        {lines.map((line) => (
          <List.Item key={line} className="break">
            {line}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Conflicts({
  files,
  take,
  onChange,
}: {
  readonly files: readonly string[];
  readonly take: Take | undefined;
  readonly onChange: (take: Take) => void;
}): ReactNode {
  return (
    <Alert color="orange" title="Changed here, and meanwhile by somebody else" role="alert">
      <Stack gap="xs">
        <Code block>{files.join("\n")}</Code>
        <Radio.Group
          label="What is to become of them?"
          value={take ?? null}
          onChange={(value) => {
            onChange(value === "mine" ? "mine" : "theirs");
          }}
        >
          <Stack gap={4} mt={4}>
            <Radio value="theirs" label="Keep what is live" />
            <Radio value="mine" label="Put mine in its place; theirs stays in the history" />
          </Stack>
        </Radio.Group>
      </Stack>
    </Alert>
  );
}
