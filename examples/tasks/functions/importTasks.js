// POST /import: called by another program, which signs what it sends.
exports = async function importTasks({ body }) {
  const tasks = context.services.get("mongodb-atlas").db("tasks").collection("tasks");
  const list = EJSON.parse(body.text());
  const { insertedIds } = await tasks.insertMany(list);
  return { imported: insertedIds.length };
};
