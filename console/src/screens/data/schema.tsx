/** What the documents hold: of each field its types and their shares, examples, ranges and lengths, over a sample. */
import {
  Badge,
  Box,
  Button,
  Group,
  NumberInput,
  Paper,
  Progress,
  Stack,
  Text,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { Place } from "../../api/data.ts";
import { printEjson, printForPeople } from "../../ejson/print.ts";
import { toLine } from "../../ejson/shown.ts";
import { toEjson } from "../../ejson/value.ts";
import { Empty, Failed, Waiting } from "../../parts/states.tsx";
import { type AnalyzedField, analysisQuery } from "../../api/analysis.ts";
import { queryTextOf, readQuery } from "./query-text.ts";
import { RowList } from "./row-list.tsx";

export function SchemaAnalysis({ place }: { readonly place: Place }): ReactNode {
  const text = queryTextOf(useSearch({ strict: false }));
  const { filter } = readQuery(text).query;
  const [size, setSize] = useState(1000);
  const [asked, setAsked] = useState(size);
  const analysis = useQuery(analysisQuery(place, filter, asked));
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="xs">
        <NumberInput
          label="Documents in the sample"
          size="xs"
          w={180}
          min={1}
          max={10_000}
          value={size}
          onChange={(value) => {
            setSize(Number(value));
          }}
        />
        <Button
          size="xs"
          loading={analysis.isFetching}
          onClick={() => {
            if (asked === size) void analysis.refetch();
            else setAsked(size);
          }}
        >
          Analyze
        </Button>
        {analysis.isSuccess && (
          <Text size="sm" c="dimmed" role="status">
            {analysis.data.sampled.toLocaleString()} documents at random
            {text.filter === undefined ? "" : " of those that match the filter"},{" "}
            {analysis.data.fields.length} fields{analysis.data.isCut ? " of more" : ""}
          </Text>
        )}
      </Group>
      {analysis.isPending && <Waiting />}
      {analysis.isError && <Failed cause={analysis.error} />}
      {analysis.data?.fields.length === 0 && (
        <Empty title="Nothing to analyze">The collection has no document like that.</Empty>
      )}
      {analysis.isSuccess && analysis.data.fields.length > 0 && (
        <RowList
          label="Fields"
          count={analysis.data.fields.length}
          estimate={110}
          gap={8}
          keyOf={(at) => analysis.data.fields[at]?.path ?? ""}
        >
          {(at) => {
            const field = analysis.data.fields[at];
            if (field === undefined) return null;
            return <FieldCard field={field} sampled={analysis.data.sampled} />;
          }}
        </RowList>
      )}
    </Stack>
  );
}

const colors = ["green", "blue", "orange", "grape", "teal", "red", "cyan", "gray"] as const;

/** As documents show them, by what `$type` calls them. */
const typeNames: ReadonlyMap<string, string> = new Map([
  ["array", "Array"],
  ["binData", "Binary"],
  ["bool", "Boolean"],
  ["date", "Date"],
  ["decimal", "Decimal128"],
  ["double", "Double"],
  ["int", "Int32"],
  ["javascript", "Code"],
  ["long", "Int64"],
  ["maxKey", "MaxKey"],
  ["minKey", "MinKey"],
  ["null", "Null"],
  ["object", "Object"],
  ["objectId", "ObjectId"],
  ["regex", "Regex"],
  ["string", "String"],
  ["timestamp", "Timestamp"],
  ["undefined", "Undefined"],
]);

function percent(count: number, of: number): string {
  const share = of === 0 ? 0 : (100 * count) / of;
  return `${share >= 10 || share === 0 ? Math.round(share) : share.toFixed(1)} %`;
}

function FieldCard({
  field,
  sampled,
}: {
  readonly field: AnalyzedField;
  readonly sampled: number;
}): ReactNode {
  const { path, count, types } = field;
  const isInArray = path.includes("[]");
  return (
    <Paper withBorder p="sm" component="article" aria-label={`Field ${path.slice(0, 80)}`}>
      <Group justify="space-between" gap="xs" align="baseline">
        <Text fw={600} size="sm" className="mono break" miw={0}>
          <bdi>{path.slice(0, 200)}</bdi>
        </Text>
        <Text size="xs" c="dimmed">
          {isInArray
            ? `${count.toLocaleString()} elements`
            : `in ${percent(count, sampled)} of the documents`}
        </Text>
      </Group>
      <Progress.Root size="sm" mt={6} aria-hidden>
        {types.map((each, at) => (
          <Progress.Section
            key={each.type}
            value={(100 * each.count) / count}
            color={colors[at % colors.length] ?? "gray"}
          />
        ))}
      </Progress.Root>
      <Group gap={6} mt={6}>
        {types.map((each, at) => (
          <Badge
            key={each.type}
            variant="light"
            tt="none"
            color={colors[at % colors.length] ?? "gray"}
          >
            {typeNames.get(each.type) ?? each.type}{" "}
            {types.length > 1 ? percent(each.count, count) : ""}
          </Badge>
        ))}
        <Text size="xs" c="dimmed">
          {rangeText(field)}
        </Text>
      </Group>
      <Examples field={field} />
    </Paper>
  );
}

function rangeText({ least, greatest, lengths, distinct, values }: AnalyzedField): string {
  const parts: string[] = [];
  if (least !== undefined && greatest !== undefined)
    parts.push(`${toLine(least)} to ${toLine(greatest)}`);
  if (lengths !== undefined) {
    const { least: short, greatest: long, mean } = lengths;
    parts.push(
      short === long ? `length ${short}` : `length ${short} to ${long}, ${mean} on average`,
    );
  }
  if (values.length > 0)
    parts.push(
      distinct >= 300 ? "300 and more values" : distinct === 1 ? "1 value" : `${distinct} values`,
    );
  return parts.join(" · ");
}

function Examples({ field: { path, values } }: { readonly field: AnalyzedField }): ReactNode {
  const navigate = useNavigate();
  if (values.length === 0) return null;
  const inFilter = path.replaceAll("[]", "");
  return (
    <Box mt={6}>
      <Group gap={4}>
        {values.map(({ value, count }) => (
          <Button
            key={printEjson(value)}
            size="compact-xs"
            variant="default"
            fw={400}
            className="mono"
            maw={240}
            title={`Find documents with it (${count} in the sample)`}
            onClick={() => {
              const filter = printForPeople(toEjson({ [inFilter]: value }), " ");
              void navigate({
                to: ".",
                search: (former: object) => ({ ...former, tab: undefined, filter }),
              });
            }}
          >
            <bdi>{toLine(value).slice(0, 40) || '""'}</bdi>
          </Button>
        ))}
      </Group>
    </Box>
  );
}
