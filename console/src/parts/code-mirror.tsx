import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, linter } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, placeholder as placeholderOf } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup, minimalSetup } from "codemirror";
import { type ReactNode, useEffect, useRef } from "react";
import { EjsonError, parseEjson } from "../ejson/parse.ts";

export interface EditorProps {
  readonly label: string;
  /** Where what stands around it says what it is; the label is still read out. */
  readonly isLabelHidden?: boolean;
  readonly value: string;
  /** `ejson` also takes what MongoDB's shell takes: `{ _id: ObjectId("…") }`. */
  readonly language: "javascript" | "json" | "ejson" | "text";
  readonly onChange?: (value: string) => void;
  /** In lines; the editor grows up to it. */
  readonly minLines?: number;
  readonly maxLines?: number;
  /** Words that are offered while one types, such as operators and fields. */
  readonly words?: readonly string[];
  /** A field of a form: without the numbers of lines, and Enter submits. */
  readonly onEnter?: () => void;
  /** Ctrl-Enter, or ⌘-Enter: does what the button below does. */
  readonly onModEnter?: () => void;
  readonly placeholder?: string;
  /** Is handed what puts a text in the place of what is selected. */
  readonly onReady?: (insert: (text: string) => void) => void;
}

const lineHeight = 20;
/**
 * Breaking a line of megabytes takes the browser seconds; without it, only what is seen of it is drawn. Such a text has no
 * colours either: each change would read it anew.
 */
const plainCharsMin = 500_000;

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
    borderRadius: "var(--mantine-radius-md) 0 0 var(--mantine-radius-md)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--mantine-color-default-hover)" },
  ".cm-placeholder": { color: "var(--mantine-color-dimmed)", fontStyle: "italic" },
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
  onEnter,
  onModEnter,
  placeholder = "",
  onReady,
}: EditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const tell = useRef(onChange);
  tell.current = onChange;
  const enter = useRef(onEnter);
  enter.current = onEnter;
  const modEnter = useRef(onModEnter);
  modEnter.current = onModEnter;
  const ready = useRef(onReady);
  ready.current = onReady;
  const isField = onEnter !== undefined;
  const hasWords = words.length > 0;
  const isReadOnly = onChange === undefined;
  const offered = useRef(words);
  offered.current = words;
  useEffect(() => {
    if (host.current === null) return undefined;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          keymap.of([
            {
              key: "Mod-Enter",
              run: () => {
                modEnter.current?.();
                return modEnter.current !== undefined;
              },
            },
          ]),
          isField ? fieldSetup(() => enter.current?.()) : basicSetup,
          placeholderOf(placeholder),
          keymap.of([{ key: "Tab", run: acceptCompletion }, ...(isField ? [] : [indentWithTab])]),
          value.length > plainCharsMin ? [] : languageOf(language),
          looks,
          syntaxHighlighting(colours),
          value.length > plainCharsMin ? [] : EditorView.lineWrapping,
          EditorState.readOnly.of(isReadOnly),
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.theme({
            ...(isField && { ".cm-content": { padding: "5px 0" } }),
            ".cm-content, .cm-gutter": { minHeight: `${minLines * lineHeight}px` },
            ".cm-scroller": { maxHeight: `${maxLines * lineHeight}px`, overflow: "auto" },
          }),
          autocompletion(
            hasWords ? { override: [(context) => complete(context, offered.current)] } : {},
          ),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) tell.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    ready.current?.((text) => {
      editor.dispatch(editor.state.replaceSelection(text));
      editor.focus();
    });
    return () => {
      editor.destroy();
    };
    // What is typed comes back as `value`, and must not make a new editor; nor must other words, which come while one
    // types.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [language, isReadOnly, label, minLines, maxLines, hasWords, isField, placeholder]);
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
    case "ejson":
      return [json(), linter(findFaults)];
    case "text":
      return [];
  }
}

/** Tab leaves a field, as in any form. */
function fieldSetup(onEnter: () => void): Extension {
  return [
    keymap.of([
      { key: "Enter", run: acceptCompletion },
      {
        key: "Enter",
        run: () => {
          onEnter();
          return true;
        },
      },
    ]),
    minimalSetup,
    closeBrackets(),
  ];
}

/** Longer texts are looked at when they are sent. */
const lintedCharsMax = 500_000;

function findFaults({ state }: EditorView): readonly Diagnostic[] {
  const { length } = state.doc;
  const text = length > lintedCharsMax ? "" : state.doc.toString();
  if (text.trim() === "") return [];
  try {
    parseEjson(text);
    return [];
  } catch (cause) {
    if (!(cause instanceof EjsonError)) throw cause;
    const from = Math.min(cause.at, length);
    return [{ from, to: Math.min(from + 1, length), severity: "error", message: cause.message }];
  }
}

function complete(context: CompletionContext, words: readonly string[]): CompletionResult | null {
  const word = context.matchBefore(/[$\w.%]+/);
  if (word === null || (word.from === word.to && !context.explicit)) return null;
  const options: Completion[] = words.map((label) => ({ label, type: "keyword" }));
  return { from: word.from, options, validFor: /^[$\w.%]*$/ };
}
