// POST /tasks: runs as the caller, so that the rules say whether the task may be written.
exports = async function add(request, response) {
  const tasks = context.services.get("mongodb-atlas").db("tasks").collection("tasks");
  const ownerId = context.user.id;
  const open = await tasks.count({ ownerId, status: { $ne: "done" } });
  if (open >= context.values.get("openTasksMax")) {
    response.setStatusCode(409);
    response.setBody(JSON.stringify({ error: "too many open tasks" }));
    return;
  }
  const task = EJSON.parse(request.body.text());
  const { insertedId } = await tasks.insertOne({ status: "open", ...task, ownerId });
  response.setStatusCode(201);
  response.setHeader("Content-Type", "application/json");
  response.setBody(EJSON.stringify({ insertedId }));
};
