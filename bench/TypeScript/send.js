// The official client, used as its documentation says, in requests of 1,000 spans with up to 4 under way.
// It reads JSON Lines, which costs it the least. It refuses a plain string as input or output, so each is given as an object.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { client, logger, v2 } from "@datadog/datadog-api-client";

const BATCH_SIZE = 1000;
const IN_FLIGHT = 4;

const [file, baseUri, warmUp] = process.argv.slice(2);

logger.setLevel("error"); // it warns of the unstable operation at every call

const configuration = client.createConfiguration({
  authMethods: { apiKeyAuth: "none", appKeyAuth: "none" },
  baseServer: new client.ServerConfiguration(baseUri.replace(/\/$/, ""), {}),
});
configuration.unstableOperations["v2.createLLMObsExperimentEvents"] = true;
const api = new v2.AgentObservabilityApi(configuration);

function toSpan(row) {
  const { input, output, expected_output: expected, error } = row.meta;
  return {
    traceId: row.trace_id,
    spanId: row.span_id,
    projectId: "bench-project",
    datasetId: "bench-dataset",
    name: row.name,
    startNs: row.start_ns, // a JavaScript number: it holds no whole number above 2^53, so nanoseconds get rounded
    duration: row.duration,
    status: row.status,
    tags: row.tags,
    meta: {
      input: { text: input },
      output: { text: output },
      ...(expected === undefined ? {} : { expectedOutput: { text: expected } }),
      ...(error === undefined ? {} : { error }),
    },
  };
}

async function sendFile(path) {
  const underWay = new Set();
  let spans = [];

  async function send() {
    const body = { data: { type: "events", attributes: { spans } } };
    spans = [];
    const request = api.createLLMObsExperimentEvents({ experimentId: "bench", body });
    underWay.add(request);
    request.finally(() => underWay.delete(request)).catch(() => {});
    if (underWay.size >= IN_FLIGHT) {
      await Promise.race(underWay);
    }
  }

  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    spans.push(toSpan(JSON.parse(line)));
    if (spans.length === BATCH_SIZE) {
      await send();
    }
  }

  if (spans.length > 0) {
    await send();
  }

  await Promise.all(underWay);
}

function peakBytes() {
  return process.resourceUsage().maxRSS * 1024;
}

const idle = process.memoryUsage.rss();
if (warmUp) {
  await sendFile(warmUp);
}

const start = performance.now();
await sendFile(file);
const milliseconds = performance.now() - start;
console.log(JSON.stringify({ milliseconds, idle, peak: peakBytes() }));
