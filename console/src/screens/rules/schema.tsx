import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { schemaQuery, schemasQuery, type Service } from "../../api/rules.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { JsonForm } from "./json-form.tsx";
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
    <Fresh service={service} place={place} />
  ) : (
    <Made service={service} place={place} id={made._id} />
  );
}

function Fresh({ service, place }: SchemaProps): ReactNode {
  const { path } = useCurrentApp();
  const { db, coll } = place;
  return (
    <Form
      service={service}
      place={place}
      schema={{
        title: coll,
        bsonType: "object",
        properties: { _id: { bsonType: "objectId" } },
      }}
      isNew
      onSave={async (schema) => {
        const metadata = { data_source: service.name, database: db, collection: coll };
        await call({ method: "POST", path: `${path}/schemas`, body: { metadata, schema } });
      }}
      onRemove={async () => undefined}
    />
  );
}

function Made({ service, place, id }: SchemaProps & { readonly id: string }): ReactNode {
  const { path } = useCurrentApp();
  const { data: held } = useSuspenseQuery(schemaQuery(path, id));
  const one = `${path}/schemas/${id}`;
  return (
    <Form
      service={service}
      place={place}
      schema={held.schema}
      isNew={false}
      onSave={async (schema) => call({ method: "PUT", path: one, body: { schema } })}
      onRemove={async () => call({ method: "DELETE", path: one })}
    />
  );
}

function Form({
  service,
  place,
  schema,
  ...others
}: SchemaProps & {
  readonly schema: unknown;
  readonly isNew: boolean;
  readonly onSave: (schema: unknown) => Promise<unknown>;
  readonly onRemove: () => Promise<unknown>;
}): ReactNode {
  return (
    <JsonForm
      {...others}
      name={`Schema of ${place.db}.${place.coll}`}
      value={schema}
      words={schemaWords}
      tools={(value, onChange) => (
        <SchemaTools service={service} place={place} schema={value} onChange={onChange} />
      )}
    />
  );
}
