/** A whole pipeline as text: to be pasted in, or copied. */
import { Button, Group, Modal, Stack } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { EjsonError } from "../../ejson/parse.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Failed } from "../../parts/states.tsx";
import { describeFault } from "./query-text.ts";
import { type StageDraft, stagesOf } from "./stages.ts";

export function PipelineText({
  text,
  firstId,
  onStages,
}: {
  readonly text: string;
  readonly firstId: number;
  readonly onStages: (stages: readonly StageDraft[]) => void;
}): ReactNode {
  const [draft, setDraft] = useState<string>();
  const [problem, setProblem] = useState<string>();
  function take(): void {
    try {
      onStages(stagesOf(draft ?? "", firstId));
      setDraft(undefined);
    } catch (cause) {
      if (!(cause instanceof EjsonError)) throw cause;
      setProblem(describeFault(draft ?? "", cause));
    }
  }
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          setProblem(undefined);
          setDraft(text);
        }}
      >
        As text
      </Button>
      <CopyButton text={text} label="Copy the pipeline" />
      <Modal
        opened={draft !== undefined}
        onClose={() => {
          setDraft(undefined);
        }}
        title="The pipeline as text"
        closeOnEscape={draft === text}
        size="lg"
      >
        <Stack>
          <CodeEditor
            label="Pipeline"
            language="ejson"
            value={draft ?? ""}
            onChange={setDraft}
            minLines={10}
            maxLines={26}
          />
          {problem !== undefined && <Failed cause={new Error(problem)} />}
          <Group>
            <Button onClick={take}>Use it</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
