import { MongoError } from "../kit/mongo-error.ts";

/** What is found out when a query is planned, before anything runs: the server words it without the running command. */
export class PlanFailure extends MongoError {}
