import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { linter } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { type ReactNode, useEffect, useRef } from "react";

export interface EditorProps {
  readonly label: string;
  readonly value: string;
  readonly language: "javascript" | "json" | "text";
  readonly onChange?: (value: string) => void;
  /** In lines; the editor grows up to it. */
  readonly minLines?: number;
  readonly maxLines?: number;
  /** Words that are offered while one types, such as operators and fields. */
  readonly words?: readonly string[];
}

const lineHeight = 20;

/** Colours of Mantine, so that light and dark follow the page. */
const looks = EditorView.theme({
  "&": {
    fontSize: "13px",
    border: "1px solid var(--mantine-color-default-border)",
    borderRadius: "var(--mantine-radius-md)",
    backgroundColor: "var(--mantine-color-body)",
    color: "var(--mantine-color-text)",
  },
  "&.cm-focused": {
    outline: "2px solid var(--mantine-primary-color-filled)",
    outlineOffset: "1px",
  },
  ".cm-scroller": { fontFamily: "var(--petiole-mono)", lineHeight: `${lineHeight}px` },
  ".cm-gutters": {
    backgroundColor: "var(--mantine-color-body)",
    color: "var(--mantine-color-dimmed)",
    border: "none",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--mantine-color-default-hover)" },
  ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection": {
    backgroundColor: "var(--mantine-primary-color-light) !important",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--mantine-color-body)",
    color: "var(--mantine-color-text)",
    border: "1px solid var(--mantine-color-default-border)",
  },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null], color: "var(--mantine-color-grape-text)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--mantine-color-teal-text)" },
  { tag: tags.number, color: "var(--mantine-color-orange-text)" },
  {
    tag: [tags.propertyName, tags.definition(tags.variableName)],
    color: "var(--mantine-color-blue-text)",
  },
  { tag: tags.comment, color: "var(--mantine-color-dimmed)", fontStyle: "italic" },
]);

export function CodeMirrorEditor({
  label,
  value,
  language,
  onChange,
  minLines = 6,
  maxLines = 30,
  words = [],
}: EditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const tell = useRef(onChange);
  tell.current = onChange;
  const isReadOnly = onChange === undefined;
  const offered = words.join("\n");
  useEffect(() => {
    if (host.current === null) return undefined;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          basicSetup,
          keymap.of([{ key: "Tab", run: acceptCompletion }, indentWithTab]),
          languageOf(language),
          looks,
          syntaxHighlighting(colours),
          EditorView.lineWrapping,
          EditorState.readOnly.of(isReadOnly),
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.theme({
            ".cm-content, .cm-gutter": { minHeight: `${minLines * lineHeight}px` },
            ".cm-scroller": { maxHeight: `${maxLines * lineHeight}px`, overflow: "auto" },
          }),
          autocompletion(offered === "" ? {} : { override: [completeFrom(offered.split("\n"))] }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) tell.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
    };
    // What is typed comes back as `value`, and must not make a new editor.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [language, isReadOnly, label, minLines, maxLines, offered]);
  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);
  return <div ref={host} />;
}

function languageOf(language: EditorProps["language"]): Extension {
  switch (language) {
    case "javascript":
      return javascript();
    case "json":
      return [json(), linter(jsonParseLinter())];
    case "text":
      return [];
  }
}

function completeFrom(words: readonly string[]) {
  const options: Completion[] = words.map((label) => ({ label, type: "keyword" }));
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[$\w.%]+/);
    if (word === null || (word.from === word.to && !context.explicit)) return null;
    return { from: word.from, options, validFor: /^[$\w.%]*$/ };
  };
}
