import { expect, test } from "vitest";
import { deploymentFromEnvironment } from "../../functions/store/deployment.ts";

const environment = {
  AWS_REGION: "eu-central-1",
  LOGS_BUCKET: "fleet-logs",
  LISTS_BUCKET: "fleet-lists",
  TABLE: "fleet-counters",
  SIGNING_KEY_ID: "1234abcd-12ab-34cd-56ef-1234567890ab",
  RETENTION_DAYS: "396",
};

test("a function's environment names its deployment; names of users are hashed unless told", () => {
  expect(deploymentFromEnvironment(environment)).toEqual({
    region: "eu-central-1",
    logsBucket: "fleet-logs",
    listsBucket: "fleet-lists",
    table: "fleet-counters",
    signer: { kmsKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab" },
    retentionDays: 396,
    userNames: "hashed",
  });
  expect(deploymentFromEnvironment({ ...environment, USER_NAMES: "plain" })).toMatchObject({
    userNames: "plain",
  });
});

test.each(Object.keys(environment))("without %s it is refused by name", (variable) => {
  for (const value of [undefined, ""]) {
    expect(() => deploymentFromEnvironment({ ...environment, [variable]: value })).toThrow(
      `environment variable ${variable} is missing`,
    );
  }
});

test.each(["0", "-1", "1.5", "3651", "1e3", " 7", "forever"])("%j is no retention", (days) => {
  expect(() => deploymentFromEnvironment({ ...environment, RETENTION_DAYS: days })).toThrow(
    `RETENTION_DAYS is "${days}", not a number of days from 1 to 3650`,
  );
});

test("LIMITS are limits, or refused", () => {
  expect(deploymentFromEnvironment({ ...environment, LIMITS: "bytes=20G,ratio=800" })).toMatchObject({
    limits: { bytes: 20 * 2 ** 30, ratio: 800 },
  });
  expect(() => deploymentFromEnvironment({ ...environment, LIMITS: "bytes=lots" })).toThrow(
    'LIMITS holds what is no limit: "bytes=lots"',
  );
});

test("a mistyped USER_NAMES does not turn names on", () => {
  expect(() => deploymentFromEnvironment({ ...environment, USER_NAMES: "Hashed" })).toThrow(
    'USER_NAMES is "Hashed", neither "hashed" nor "plain"',
  );
});
