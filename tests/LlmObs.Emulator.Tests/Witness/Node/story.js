// Datadog's runner for Node tells a whole story to an emulator: node story.js <address>
"use strict";

const [address] = process.argv.slice(2);
Object.assign(process.env, {
  DD_API_KEY: "fake-api-key-0000000000001234",
  DD_APP_KEY: "fake-app-key-0000000000005678",
  DD_SITE: "datadoghq.eu",
  DD_LLMOBS_ENABLED: "true",
  DD_LLMOBS_PROJECT_NAME: "node-bot",
  DD_TRACE_AGENT_URL: address,
  DD_LLMOBS_AGENTLESS_ENABLED: "false",
  DD_TRACE_STARTUP_LOGS: "false",
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
  DD_REMOTE_CONFIGURATION_ENABLED: "false",
});

// The runner makes its addresses from the site; here they lead to the emulator, and nowhere else.
const send = globalThis.fetch;
globalThis.fetch = (url, options) => send(new URL(new URL(url).pathname + new URL(url).search, address), options);

const tracer = require("dd-trace").init({ plugins: false, llmobs: { mlApp: undefined } });
const { experiments } = tracer.llmobs;

async function tell() {
  const told = {};
  const dataset = experiments.createDataset("questions", { description: "of the witness" });
  dataset.addRecord({ q: "a" }, "A", { level: 1 }, ["topic:one"]);
  dataset.addRecord({ q: "b" }, "B", {}, ["topic:two"]);
  dataset.addRecord({ q: "c" }, "C", {}, ["topic:three"]);
  const pushed = await dataset.push();
  told.pushed = `${pushed.pushedCount} of ${pushed.totalCount}`;

  const run = await experiments.experiment({
    name: "node-run",
    dataset,
    runs: 2,
    config: { model: "none" },
    tags: { team: "witness" },
    task: (input) => {
      if (input.q === "c") throw new Error("no answer to c");
      return input.q.toUpperCase();
    },
    evaluators: {
      right: (input, output, expected) => output === expected,
      length: (input, output) => (output ?? "").length,
      kind: () => "letter",
      detail: (input, output) => ({ output }),
    },
    summaryEvaluators: { share: (inputs, outputs, expected, results) => results.right.filter((one) => one === true).length / inputs.length },
  }).run();
  told.rows = run.runs.map((one) => one.rows.map((row) => (row.isError ? row.errorMessage : row.output)).join()).join(" | ");
  told.share = run.runs.map((one) => JSON.stringify(one.summaryEvaluations.share?.value ?? one.summaryEvaluations.share)).join();

  // One tag changes; the record keeps the rest.
  const pulled = await experiments.pullDataset("questions", { expectedRecordCount: 3, maxWaitMs: 5000 });
  told.pulled = pulled.records().map((one) => one.input.q).sort().join();
  const at = pulled.records().findIndex((one) => one.input.q === "a");
  pulled.addTags(at, ["checked:yes"]);
  await pulled.push();
  const byTag = await experiments.pullDataset("questions", { tags: ["topic:two", "checked:yes"], maxWaitMs: 5000 });
  told.byTag = byTag.records().map((one) => `${one.input.q}=${one.expectedOutput}`).sort().join();
  told.version = byTag.latestVersion();
  return told;
}

tell().then(
  (told) => { process.stdout.write(JSON.stringify(told)); process.exit(0); },
  (error) => { process.stderr.write(`${error.stack}\n`); process.exit(1); },
);
