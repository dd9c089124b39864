import type { S3EventRecord } from "aws-lambda";
import { formEncode } from "./encoding.ts";

export type EventName = "ObjectCreated:Put" | "ObjectCreated:CompleteMultipartUpload";

/** What a record tells of. */
export interface Happening {
  name: EventName;
  bucket: string;
  key: string;
  size: number;
  etag: string;
  /** UTC epoch seconds. */
  at: number;
  region: string;
  /** Hex; of two events of one key, the later has the greater one. */
  sequencer: string;
  keyId: string;
  sourceAddress: string;
  requestId: string;
}

/**
 * One record of an event notification, version 2.1
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
 * The key is URL-encoded with `+` for blanks; the ETag has no quotes.
 */
export function eventRecord(happening: Happening): S3EventRecord {
  const { bucket, requestId } = happening;
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: happening.region,
    eventTime: new Date(happening.at * 1000).toISOString(),
    eventName: happening.name,
    userIdentity: { principalId: `AWS:${happening.keyId}` },
    requestParameters: { sourceIPAddress: happening.sourceAddress },
    responseElements: { "x-amz-request-id": requestId, "x-amz-id-2": requestId },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: "fleetban",
      bucket: { name: bucket, ownerIdentity: { principalId: "fleetban" }, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: formEncode(happening.key),
        size: happening.size,
        eTag: happening.etag,
        sequencer: happening.sequencer,
      },
    },
  };
}

/** Sequencers that grow even where the clock stands still or goes back: microseconds, or one more than the last. */
export function startSequencer(): (at: number) => string {
  let last = 0;
  return (at) => {
    last = Math.max(last + 1, Math.floor(at * 1e6));
    return last.toString(16).toUpperCase().padStart(16, "0");
  };
}
