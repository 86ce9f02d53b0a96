/** The parts of an app that the walk makes. */
export const role = {
  name: "owner",
  apply_when: {},
  document_filters: { read: true, write: true },
  read: true,
  write: true,
};
export const fn = { name: "walk", private: false, source: "exports = (n) => n;" };
export const endpoint = {
  route: "/walk",
  http_method: "GET",
  function_name: "walk",
  validation_method: "NO_VALIDATION",
  respond_result: true,
  return_type: "JSON",
  disabled: false,
};
export const schema = {
  metadata: { data_source: "mongodb-atlas", database: "walk", collection: "pets" },
  schema: { title: "pet", bsonType: "object", properties: { name: { bsonType: "string" } } },
  relationships: {},
};
export const trigger = {
  name: "nightly",
  type: "SCHEDULED",
  function_name: "walk",
  config: { schedule: "0 3 * * *" },
  disabled: true,
};
export const forwarder = {
  name: "keep",
  log_types: ["endpoint"],
  log_statuses: ["error"],
  policy: { type: "single" },
  action: { type: "function", name: "walk" },
};
export const place = { database_name: "walk", collection_name: "pets" };
export const notFound = { error_code: "NotFound" };
