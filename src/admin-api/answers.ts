/**
 * What each route of the admin API answers when all is well (SPEC §13, SPEC-CLI §2): for its description, against which
 * the tests check every reply. To add a route: its line here, under its path.
 */
import {
  anything,
  type AnswerShape,
  bytes,
  empty,
  fields,
  json,
  listOf,
  made,
} from "./answer-shapes.ts";

const session = fields("access_token:text refresh_token:text user_id:text device_id:text");
const app = fields(
  "_id:id client_app_id:text name:text domain_id:id group_id:id location:text deployment_model:text environment:text product:text last_modified:count",
);
const key = fields("_id:id name:text disabled:flag role?:text user_id?:id key?:text");
const user = fields(
  "_id:id identities:list type:text disabled:flag data:object creation_date:count last_authentication_date:count",
);
const pendingUser = fields("_id:id domain_id:id login_ids:list identities:list disabled:flag");
const fn = fields(
  "_id:id name:text private:flag source:text can_evaluate:any disable_arg_logs:flag run_as_system:flag run_as_user_id:text run_as_user_id_script_source:text",
);
const endpoint = fields(
  "_id:id route:text http_method:text function_name:text function_id:id validation_method:text respond_result:flag fetch_custom_user_data:flag create_user_on_auth:flag disabled:flag return_type:text",
);
const value = fields("_id:id name:text private:flag from_secret:flag value:any");
const named = fields("_id:id name:text");
const service = fields("_id:id name:text type:text version:count config:object");
const rule = fields("_id:id database:text collection:text roles:list filters:list");
const defaultRule = fields("_id:id roles:list filters:list");
const schema = fields("_id:id metadata:object schema:object relationships:object");
const provider = fields("_id:id name:text type:text disabled:flag");
const forwarder = fields(
  "_id:id name:text disabled:flag log_types:texts log_statuses:texts policy:object action:object",
);
const trigger = fields("_id:id name:text type:text disabled:flag config:object");
const deployment = fields("_id:id status:text status_error_message:text");
const entry = fields("_id:id address:text comment:text includes_current:flag");
const auditEntry = fields(
  "at:moment administrator:text remote_ip_address:text method:text path:text status:count changes:texts",
);
const logEntry = fields(
  "_id:id co_id:id domain_id:id app_id:id group_id:id type:text started:moment completed:moment status:count mem_time_usage:count error?:text error_code?:text user_id?:text messages?:texts function_id?:id function_name?:text auth_event?:object rule_metrics?:object notes?:texts",
);
const period = "group_id:id start:moment end:moment";
const run = fields("result:any logs?:texts stats:object");
const zip = bytes("application/zip");

/** Below `/groups/:groupId/apps/:appId`. */
const appAnswers: Readonly<Record<string, AnswerShape | readonly AnswerShape[]>> = {
  "GET ": json(app),
  "DELETE ": empty,
  "GET /api_keys": json(listOf(key)),
  "POST /api_keys": made(fields("_id:id name:text disabled:flag key:text")),
  "GET /api_keys/:keyId": json(key),
  "DELETE /api_keys/:keyId": empty,
  "PUT /api_keys/:keyId/disable": empty,
  "PUT /api_keys/:keyId/enable": empty,
  "GET /app_directory": json(fields("served:flag")),
  "GET /audit": json(listOf(auditEntry)),
  "GET /auth_providers": json(listOf(provider)),
  "POST /auth_providers": made(provider),
  "GET /auth_providers/:providerId": json(provider),
  "PATCH /auth_providers/:providerId": empty,
  "DELETE /auth_providers/:providerId": empty,
  "PUT /auth_providers/:providerId/disable": empty,
  "PUT /auth_providers/:providerId/enable": empty,
  "GET /custom_user_data": json(fields("enabled:flag")),
  "PATCH /custom_user_data": empty,
  "POST /data/:source/actions/:action": json(fields("")),
  "GET /data/:source/databases": json(listOf({ type: "string" })),
  "GET /data/:source/databases/:database/collections": json(listOf(fields("name:text"))),
  "POST /data/:source/databases/:database/collections": made(fields("name:text")),
  "DELETE /data/:source/databases/:database/collections/:collection": empty,
  "POST /data/:source/databases/:database/collections/:collection/export": bytes("*/*"),
  "POST /data/:source/databases/:database/collections/:collection/import": bytes("*/*"),
  "GET /data/:source/databases/:database/collections/:collection/indexes": json(
    listOf(fields("name:text key:object")),
  ),
  "POST /data/:source/databases/:database/collections/:collection/indexes": made(
    fields("name:text"),
  ),
  "DELETE /data/:source/databases/:database/collections/:collection/indexes/:index": empty,
  "POST /data/:source/databases/:database/collections/:collection/schema_check":
    bytes("text/event-stream"),
  "GET /data/:source/databases/:database/collections/:collection/schema_sample": json(
    fields("count:any schema:object"),
  ),
  "GET /data/:source/databases/:database/collections/:collection/stats": json(
    fields("count:any size:any"),
  ),
  "GET /data_api/config": json(
    fields(
      "disabled:flag versions:texts return_type:text run_as_system:flag run_as_user_id:text run_as_user_id_script_source:text validation_method:text secret_name?:text fetch_custom_user_data:flag create_user_on_auth:flag log_function_arguments:flag can_evaluate:any",
    ),
  ),
  "POST /data_api/config": made(anything),
  "PATCH /data_api/config": empty,
  "GET /data_api/versions": json(listOf({ type: "string" })),
  "GET /data_sources": json(listOf(fields("name:text"))),
  "PATCH /data_sources/:name": json(anything),
  "POST /debug/execute_function": json(run),
  "POST /debug/execute_function_source": json(run),
  "GET /dependencies": json(anything),
  "PUT /dependencies": empty,
  "DELETE /dependencies": empty,
  "GET /dependencies/archive": bytes("*/*"),
  "POST /dependencies/diff": json(fields("added:list deleted:list modified:list")),
  "GET /dependencies/export": bytes("*/*"),
  "GET /dependencies/package.json": json(fields("")),
  "GET /dependencies/status": json(fields("status:text status_message:text")),
  "GET /deploy/config": json(fields("automatic_deployment:object")),
  "PATCH /deploy/config": empty,
  "GET /deployments": json(listOf(deployment)),
  "POST /deployments": [made(anything), json(anything)],
  "GET /deployments/:deploymentId": json(deployment),
  "GET /deployments/:deploymentId/diff": json(fields("changes:list")),
  "GET /deployments/:deploymentId/files": bytes("*/*"),
  "POST /deployments/:deploymentId/redeploy": empty,
  "GET /deployments/:deploymentId/zip": zip,
  "GET /description": json(fields("client_app_id:text name:text data_sources:list")),
  "GET /drafts": json(listOf(fields("_id:id"))),
  "POST /drafts": made(fields("_id:id")),
  "DELETE /drafts/:draftId": empty,
  "POST /drafts/:draftId/deployment": made(deployment),
  "GET /drafts/:draftId/diff": json(
    fields(
      "diffs:list hosting_files_diff:object dependencies_diff:object graphql_config_diff:object schema_options_diff:object",
    ),
  ),
  "DELETE /drafts/:draftId/files": empty,
  "GET /endpoints": json(listOf(endpoint)),
  "POST /endpoints": made(endpoint),
  "GET /endpoints/:endpointId": json(endpoint),
  "PUT /endpoints/:endpointId": json(endpoint),
  "DELETE /endpoints/:endpointId": json(fields("")),
  "GET /environment": json(fields("environment:text")),
  "PUT /environment": json(fields("environment:text")),
  "GET /environment_values": json(listOf(named)),
  "POST /environment_values": made(named),
  "GET /environment_values/:valueId": json(fields("_id:id name:text values:object")),
  "PUT /environment_values/:valueId": json(named),
  "DELETE /environment_values/:valueId": empty,
  "GET /export": zip,
  "GET /functions": json(listOf(named)),
  "POST /functions": made(fn),
  "GET /functions/:functionId": json(fn),
  "PUT /functions/:functionId": json(fn),
  "DELETE /functions/:functionId": empty,
  "GET /hosting/assets": json(listOf(anything)),
  "POST /import": [empty, json(listOf({ type: "string" }))],
  "GET /limits": json(fields("effective:object own:object")),
  "PATCH /limits": json(fields("effective:object own:object")),
  "GET /log_forwarders": json(listOf(forwarder)),
  "POST /log_forwarders": made(forwarder),
  "GET /log_forwarders/:forwarderId": json(forwarder),
  "PATCH /log_forwarders/:forwarderId": json(forwarder),
  "DELETE /log_forwarders/:forwarderId": empty,
  "PUT /log_forwarders/:forwarderId/disable": empty,
  "PUT /log_forwarders/:forwarderId/enable": empty,
  "GET /logs": json(fields("nextEndDate?:moment nextSkip?:count", { logs: listOf(logEntry) })),
  "GET /logs/follow": bytes("text/event-stream"),
  "GET /measurements": json(fields(`app_id:id ${period} granularity:text measurements:list`)),
  "GET /metrics": json(
    fields(`app_id:id app_name:text ${period} granularity:text measurements:list`),
  ),
  "GET /pull": [json(fields("config_version:count")), zip],
  "PATCH /push": empty,
  "POST /rules/explain": json(fields("allowed:flag reason:text roles:list violations:list")),
  "GET /rules/settings": json(fields("hidden_fields:text user_regex:text")),
  "PATCH /rules/settings": empty,
  "GET /rules/templates": json(listOf(fields("name:text description:text role:object"))),
  "GET /schemas": json(listOf(fields("_id:id metadata:object"))),
  "POST /schemas": json(fields("_id:id metadata:object")),
  "GET /schemas/:schemaId": json(schema),
  "PUT /schemas/:schemaId": empty,
  "DELETE /schemas/:schemaId": empty,
  "GET /secrets": json(listOf(named)),
  "POST /secrets": made(named),
  "PUT /secrets/:secretId": empty,
  "DELETE /secrets/:secretId": empty,
  "GET /security/access_list": json(fields("current_ip:text", { allowed_ips: listOf(entry) })),
  "POST /security/access_list": made(entry),
  "PATCH /security/access_list/:entryId": json(entry),
  "DELETE /security/access_list/:entryId": empty,
  "GET /security/allowed_request_origins": json(listOf({ type: "string" })),
  "POST /security/allowed_request_origins": empty,
  "GET /security/refresh_token_expiration": json(fields("expiration_time_seconds:count")),
  "PUT /security/refresh_token_expiration": empty,
  "POST /security/rotate_signing_secret": empty,
  "GET /services": json(listOf(service)),
  "POST /services": made(fields("_id:id name:text type:text")),
  "GET /services/:serviceId": json(service),
  "PATCH /services/:serviceId": empty,
  "DELETE /services/:serviceId": empty,
  "POST /services/:serviceId/commands/:commandName": json(fields("")),
  "GET /services/:serviceId/config": json(fields("")),
  "PATCH /services/:serviceId/config": empty,
  "GET /services/:serviceId/default_rule": json(defaultRule),
  "POST /services/:serviceId/default_rule": made(defaultRule),
  "PUT /services/:serviceId/default_rule": empty,
  "DELETE /services/:serviceId/default_rule": empty,
  "GET /services/:serviceId/rules": json(listOf(rule)),
  "POST /services/:serviceId/rules": made(rule),
  "GET /services/:serviceId/rules/:ruleId": json(rule),
  "PUT /services/:serviceId/rules/:ruleId": json(rule),
  "DELETE /services/:serviceId/rules/:ruleId": empty,
  "GET /sync/client_schemas/:language": json(
    listOf(
      fields(
        "service_id:id rule_id:id model_name:text collection_display_name:text import_statements:texts schema:text",
      ),
    ),
  ),
  "GET /templates": json(listOf(anything)),
  "GET /triggers": json(listOf(trigger)),
  "POST /triggers": made(trigger),
  "GET /triggers/next_runs": json(fields("next_runs:texts")),
  "GET /triggers/:triggerId": json(trigger),
  "PUT /triggers/:triggerId": empty,
  "DELETE /triggers/:triggerId": json(fields("")),
  "PUT /triggers/:triggerId/resume": empty,
  "GET /usage": json(fields(`app_id:id ${period} usage:list`)),
  "DELETE /user_registrations/by_email/:email": empty,
  "POST /user_registrations/by_email/:email/confirm": empty,
  "POST /user_registrations/by_email/:email/run_confirm": { status: 202 },
  "POST /user_registrations/by_email/:email/send_confirm": { status: 200 },
  "GET /user_registrations/pending_users": json(listOf(pendingUser)),
  "GET /users": json(listOf(user)),
  "POST /users": made(user),
  "POST /users/claims": json(fields("count:count")),
  "POST /users/import": json(fields("imported:count existing:count refused:list")),
  "POST /users/verify_token": json(anything),
  "GET /users/:userId": json({ anyOf: [user, pendingUser] }),
  "DELETE /users/:userId": empty,
  "GET /users/:userId/devices": json(listOf(fields("deviceId:id platform:text"))),
  "PUT /users/:userId/disable": empty,
  "PUT /users/:userId/enable": empty,
  "PUT /users/:userId/logout": empty,
  "PUT /users/:userId/password": empty,
  "PATCH /users/:userId/reset_email": empty,
  "GET /validation_settings/null_type_schema_validation": json(fields("enabled:flag")),
  "PUT /validation_settings/null_type_schema_validation": empty,
  "GET /values": json(listOf(value)),
  "POST /values": made(value),
  "GET /values/:valueId": json(value),
  "PUT /values/:valueId": json(value),
  "DELETE /values/:valueId": empty,
};

const serverAnswers: Readonly<Record<string, AnswerShape>> = {
  "GET /administrators": json(listOf(fields("_id:id kind:text name:text role:text"))),
  "POST /administrators": made(fields("name:text")),
  "POST /administrators/keys": made(fields("public_key:text private_key:text")),
  "DELETE /administrators/:id": empty,
  "PUT /administrators/:id/password": empty,
  "GET /auth/profile": json(fields("user_id:id roles:list")),
  "GET /auth/providers": json(listOf(fields("name:text type:text"))),
  "POST /auth/providers/local-userpass/login": json(session),
  "POST /auth/providers/mongodb-cloud/login": json(session),
  "POST /auth/providers/one-time/login": json(session),
  "POST /auth/session": made(fields("access_token:text")),
  "DELETE /auth/session": empty,
  "POST /backup": empty,
  "GET /groups/:groupId/apps": json(listOf(app)),
  "POST /groups/:groupId/apps": made(app),
  "GET /groups/:groupId/audit": json(listOf(auditEntry)),
  "GET /groups/:groupId/measurements": json(fields(`${period} granularity:text measurements:list`)),
  "GET /openapi.json": json(fields("openapi:text paths:object")),
  "GET /provider_regions": json(listOf(fields("id:text name:text"))),
  "POST /secrets/rotate_key": json(anything),
  "GET /templates": json(listOf(anything)),
};

const answers: ReadonlyMap<string, AnswerShape | readonly AnswerShape[]> = new Map<
  string,
  AnswerShape | readonly AnswerShape[]
>([
  ...Object.entries(serverAnswers),
  ...Object.entries(appAnswers).map(([route, shape]) => {
    const [method = "", path = ""] = route.split(" ");
    return [`${method} /groups/:groupId/apps/:appId${path}`, shape] as const;
  }),
]);

/** @param path below the API's prefix, with `:names` @returns several where the query decides; none: not known */
export function answerShapesOf(method: string, path: string): readonly AnswerShape[] {
  return [answers.get(`${method.toUpperCase()} ${path}`) ?? []].flat();
}
