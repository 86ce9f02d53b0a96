// Runs before an account is made; a throw would refuse it.
exports = async function welcome(user) {
  const users = context.services.get("mongodb-atlas").db("tasks").collection("users");
  await users.insertOne({ userId: user.id, isAdmin: false, since: new Date() });
};
