/**
 * Values as DynamoDB's API writes them: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 * Only what rows hold; @aws-sdk/util-dynamodb knows all, and takes some times as long for each row.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Attributes = Record<string, AttributeValue>;

/** Members that are undefined are left out. @throws TypeError for what no row may hold: NaN, an infinite number, a function */
export function toAttributes(members: Readonly<Record<string, unknown>>): Attributes {
  const attributes: Attributes = {};
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (value !== undefined) setOwn(attributes, name, toAttribute(value));
  }
  return attributes;
}

/** A set of text becomes a `Set`. */
export function fromAttributes(attributes: Readonly<Attributes>): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const name of Object.keys(attributes)) setOwn(members, name, fromAttribute(attributes[name]!));
  return members;
}

/** Users may be called `__proto__`. */
function setOwn<Value>(members: Record<string, Value>, name: string, value: Value): void {
  if (name !== "__proto__") members[name] = value;
  else Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
}

function toAttribute(value: unknown): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number" && Number.isFinite(value)) return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (isPlainObject(value)) return { M: toAttributes(value) };
  throw new TypeError(`${String(value)} cannot be stored`);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function fromAttribute({ S, N, BOOL, L, M, SS }: AttributeValue): unknown {
  if (S !== undefined) return S;
  if (N !== undefined) return Number(N);
  if (L !== undefined) return L.map(fromAttribute);
  if (M !== undefined) return fromAttributes(M);
  if (BOOL !== undefined) return BOOL;
  if (SS !== undefined) return new Set(SS);
  throw new TypeError("an attribute of a type that no row has");
}
