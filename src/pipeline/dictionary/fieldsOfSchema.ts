import { z } from "zod";
import type { Field } from "../../shared/published/dictionary.js";
import { timeUnit } from "../../shared/published/fields.js";

type JsonType = "object" | "array" | "string" | "number" | "integer" | "boolean" | "null";

/** JSON Schema as zod writes it; a nullable schema has two types or two alternatives. */
interface JsonSchema {
  type?: JsonType | JsonType[];
  description?: string;
  unit?: string;
  enum?: string[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}

const typeNames = {
  string: "text",
  number: "number",
  integer: "integer",
  boolean: "boolean",
  object: "object",
  array: "list",
  null: "null",
};

const known = new WeakMap<z.ZodType, Field[]>();

/**
 * The fields of a zod schema or of a list of it; nested fields follow their parent. They are kept for the next call.
 * @throws when a field has no description
 */
export function fieldsOfSchema(schema: z.ZodType): Field[] {
  const fields = known.get(schema) ?? writtenFields(schema);
  known.set(schema, fields);
  return fields;
}

function writtenFields(schema: z.ZodType): Field[] {
  const json = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
  return fieldsWithin(json.type === "array" ? json.items! : json, "");
}

function fieldsWithin({ properties = {} }: JsonSchema, path: string): Field[] {
  return Object.entries(properties).flatMap(([name, written]) => {
    const property = { ...written.anyOf?.[0], ...written };
    const { description, unit = null, items } = property;
    const types = [property.type ?? "string", ...(written.anyOf ?? []).map(({ type }) => type)].flat();
    if (description === undefined) throw new Error(`${path}${name} has no description`);
    const field: Field = {
      name: path + name,
      type: unit === timeUnit ? "time" : typeNames[Number.isInteger(property.const) ? "integer" : types[0]!],
      unit: unit === timeUnit ? "UTC" : unit,
      nullable: types.includes("null"),
      values: property.enum ?? null,
      meaning: description,
    };
    return [field, ...fieldsWithin(property, `${field.name}.`), ...fieldsWithin(items ?? {}, `${field.name}[].`)];
  });
}
