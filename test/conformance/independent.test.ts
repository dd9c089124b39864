import { afterAll, beforeAll, describe } from "vitest";
import { defineChecks, type Subject } from "./define.ts";
import { type Independent, NoIndependentServerError, startIndependent } from "./independent.ts";
import { knownDifferences } from "./known.ts";
import { type Opened, openTarget } from "./run.ts";

/** Time to build a server, in milliseconds; later runs find it built. */
const INSTALL = 1_500_000;

/** The suite against a server that others wrote: what it asks for is S3, not our own reading of it. */
describe("an independent S3 server", () => {
  let independent: Independent | undefined;
  let opened: Opened | undefined;
  let subject: Subject;

  beforeAll(async () => {
    try {
      independent = await startIndependent();
    } catch (error) {
      // in CI this must not go unseen
      if (!(error instanceof NoIndependentServerError) || process.env.CI === "true") throw error;
      console.warn(error.message);
      subject = { missing: error.message };
      return;
    }
    opened = await openTarget(independent.server, undefined);
    subject = { target: opened.target, known: knownDifferences[independent.name] };
    console.info(`checked: ${independent.name} on ${independent.server.endpoint}`);
  }, INSTALL);

  afterAll(async () => {
    await opened?.close();
    await independent?.stop();
  });

  defineChecks(() => subject);
});
