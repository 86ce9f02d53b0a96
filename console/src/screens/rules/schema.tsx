import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { schemaQuery, schemasQuery, type SchemaPlace, type Service } from "../../api/rules.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { JsonForm } from "./json-form.tsx";
import type { RulePlace } from "./places.tsx";

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
  if (made !== undefined) return <Made made={made} name={`Schema of ${db}.${coll}`} />;
  const fresh = { title: coll, bsonType: "object", properties: { _id: { bsonType: "objectId" } } };
  return (
    <JsonForm
      name={`Schema of ${db}.${coll}`}
      value={fresh}
      isNew
      onSave={async (schema) => {
        const metadata = { data_source: service.name, database: db, collection: coll };
        await call({ method: "POST", path: `${path}/schemas`, body: { metadata, schema } });
      }}
      onRemove={async () => undefined}
    />
  );
}

function Made({ made, name }: { readonly made: SchemaPlace; readonly name: string }): ReactNode {
  const { path } = useCurrentApp();
  const { data: held } = useSuspenseQuery(schemaQuery(path, made._id));
  const one = `${path}/schemas/${made._id}`;
  return (
    <JsonForm
      name={name}
      value={held.schema}
      isNew={false}
      onSave={async (schema) => call({ method: "PUT", path: one, body: { schema } })}
      onRemove={async () => call({ method: "DELETE", path: one })}
    />
  );
}
