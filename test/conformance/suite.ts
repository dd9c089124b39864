import type { Check } from "./check.ts";
import { conditions } from "./conditions.ts";
import { curl } from "./curl.ts";
import { integrity } from "./integrity.ts";
import { keys } from "./keys.ts";
import { listing } from "./listing.ts";
import { multipart } from "./multipart.ts";
import { objects } from "./objects.ts";
import { presigned } from "./presigned.ts";
import { ranges } from "./ranges.ts";
import { signatures } from "./signatures.ts";

/** Every behaviour of S3 that fleetban relies on, by topic. */
export const suite: Check[] = [
  ...objects,
  ...keys,
  ...conditions,
  ...ranges,
  ...listing,
  ...integrity,
  ...multipart,
  ...presigned,
  ...signatures,
  ...curl,
];
