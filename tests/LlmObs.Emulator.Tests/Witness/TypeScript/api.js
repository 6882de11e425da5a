// Datadog's own client, as its documentation says, for a service at another address.
import { client, logger, v2 } from "@datadog/datadog-api-client";

export function connect(baseUri, accessToken) {
  logger.setLevel("error"); // it warns of the unstable operations at every call
  const configuration = client.createConfiguration({
    authMethods: accessToken ? { AuthZ: { accessToken } } : { apiKeyAuth: "fake-api-key", appKeyAuth: "fake-app-key" },
    baseServer: new client.ServerConfiguration(baseUri.replace(/\/$/, ""), {}),
  });
  for (const name of Object.keys(configuration.unstableOperations)) {
    configuration.unstableOperations[name] = name.includes("LLMObs");
  }

  return new v2.AgentObservabilityApi(configuration);
}

// All items of a list, cursor by cursor.
export async function pages(list, itemsOf = (answer) => answer.data) {
  const items = [];
  let cursor;
  for (let page = 0; page < 100; page++) {
    const answer = await list(cursor);
    items.push(...itemsOf(answer));
    cursor = answer.meta?.after;
    if (!cursor) {
      return items;
    }
  }

  throw new Error("The list did not end.");
}
