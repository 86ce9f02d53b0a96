// Runs every night.
exports = async function purgeDone() {
  const tasks = context.services.get("mongodb-atlas").db("tasks").collection("tasks");
  const days = context.environment.values.keepDoneDays;
  const before = new Date(Date.now() - days * 86_400_000);
  const { deletedCount } = await tasks.deleteMany({ status: "done", doneAt: { $lt: before } });
  console.log(`${deletedCount} tasks that were done before ${before.toISOString()}`);
};
