import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { schemaQuery, schemasQuery, type Service } from "../../api/rules.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { JsonForm } from "./json-form.tsx";
import { SchemaFields } from "./schema-fields.tsx";
import type { RulePlace } from "./places.tsx";
import { SchemaTools } from "./schema-tools.tsx";
import { schemaWords } from "./schema-words.ts";

interface SchemaProps {
  readonly service: Service;
  readonly place: RulePlace;
}

export function SchemaEditor({ service, place }: SchemaProps): ReactNode {
  const { path } = useCurrentApp();
  const { data: schemas } = useSuspenseQuery(schemasQuery(path));
  const { db, coll } = place;
  const made = schemas.find(
    ({ metadata }) =>
      metadata.data_source === service.name &&
      metadata.database === db &&
      metadata.collection === coll,
  );
  return made === undefined ? (
    <Form service={service} place={place} schema={firstOf(coll)} isNew id="" />
  ) : (
    <Made service={service} place={place} id={made._id} />
  );
}

function firstOf(collection: string): unknown {
  return {
    title: collection,
    bsonType: "object",
    properties: { _id: { bsonType: "objectId" } },
  };
}

function Made({ service, place, id }: SchemaProps & { readonly id: string }): ReactNode {
  const { path } = useCurrentApp();
  const { data: held } = useSuspenseQuery(schemaQuery(path, id));
  return <Form service={service} place={place} schema={held.schema} isNew={false} id={id} />;
}

function Form({
  service,
  place,
  schema: made,
  isNew,
  id,
}: SchemaProps & {
  readonly schema: unknown;
  readonly isNew: boolean;
  readonly id: string;
}): ReactNode {
  const { path } = useCurrentApp();
  const { db, coll } = place;
  const base = `${path}/schemas`;
  const metadata = { data_source: service.name, database: db, collection: coll };
  return (
    <JsonForm
      name={`Schema of ${db}.${coll}`}
      value={made}
      isNew={isNew}
      words={schemaWords}
      onSave={async (schema, isFirst) =>
        isFirst
          ? call({ method: "POST", path: base, body: { metadata, schema } })
          : call({ method: "PUT", path: `${base}/${id}`, body: { schema } })
      }
      onRemove={async () => call({ method: "DELETE", path: `${base}/${id}` })}
      form={(value, onChange) => <SchemaFields value={value} onChange={onChange} />}
      tools={(value, onChange) => (
        <SchemaTools service={service} place={place} schema={value} onChange={onChange} />
      )}
    />
  );
}
