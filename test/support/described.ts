import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { actionShapes, answerSchemaOf, errorSchema } from "../../src/http/openapi.ts";

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const validators = new Map<string, ValidateFunction>();

/**
 * Whether an answer of an action is as the app's OpenAPI document says. Answers in EJSON, where numbers are objects, and
 * those of other routes are not looked at.
 *
 * @param to as in a scenario: the name of an action
 */
export function isAsDescribed(
  to: string,
  answer: { readonly status: number; readonly type: string | undefined; readonly body: string },
): boolean {
  const shape = actionShapes.get(to);
  if (shape === undefined || answer.type !== "application/json") return true;
  if (answer.status < 300 && answer.status !== shape.status) return false;
  const name = answer.status < 300 ? to : "failure";
  let validate = validators.get(name);
  if (validate === undefined) {
    validate = ajv.compile(name === "failure" ? errorSchema : (answerSchemaOf(shape) as object));
    validators.set(name, validate);
  }
  return validate(JSON.parse(answer.body));
}
