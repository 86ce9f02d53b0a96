/** What is used of clients that bring no types. */
declare module "mongo-fetch" {
  interface Cursor {
    limit(limit: number): Cursor;
    skip(skip: number): Cursor;
    sort(sort: object): Cursor;
    toArray(): Promise<unknown>;
  }
  interface Collection {
    find(filter: object): Cursor;
    aggregate(pipeline: readonly object[]): Cursor;
    findOne(filter: object, projection?: object): Promise<unknown>;
    insertOne(document: object): Promise<unknown>;
    insertMany(documents: readonly object[]): Promise<unknown>;
    updateOne(filter: object, update: object): Promise<unknown>;
    updateMany(filter: object, update: object): Promise<unknown>;
    deleteOne(filter: object): Promise<unknown>;
    deleteMany(filter: object): Promise<unknown>;
  }
  export class MongoFetchClient {
    constructor(dataSource: string, options: { readonly url: string; readonly apiKey: string });
    db(name: string): { collection(name: string): Collection };
  }
}

declare module "@saibotsivad/mongodb" {
  interface Api {
    insertOne(parameters: { readonly document: object }): Promise<unknown>;
    insertMany(parameters: { readonly documents: readonly object[] }): Promise<unknown>;
    findOne(parameters: { readonly filter: object }): Promise<unknown>;
    find(parameters: { readonly filter: object }): Promise<unknown>;
    updateOne(parameters: { readonly filter: object; readonly update: object }): Promise<unknown>;
    updateMany(parameters: { readonly filter: object; readonly update: object }): Promise<unknown>;
    replaceOne(parameters: {
      readonly filter: object;
      readonly replacement: object;
    }): Promise<unknown>;
    deleteOne(parameters: { readonly filter: object }): Promise<unknown>;
    deleteMany(parameters: { readonly filter: object }): Promise<unknown>;
    aggregate(parameters: { readonly pipeline: readonly object[] }): Promise<unknown>;
  }
  export function mongodb(options: {
    readonly apiKey: string;
    readonly apiUrl: string;
    readonly dataSource: string;
    readonly database: string;
    readonly collection: string;
  }): Api;
}
