import { z } from 'zod';

/** The keys that a schema knows at a path; none where any key will do, or nothing has keys. */
export function knownKeysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const found = path.reduce<readonly z.core.$ZodType[]>(
    (schemas, key) => schemas.flatMap((candidate) => childrenOf(candidate, String(key))),
    unwrapped(schema),
  );
  return found.flatMap((candidate) =>
    candidate instanceof z.ZodObject ? Object.keys(candidate.shape) : [],
  );
}

function childrenOf(schema: z.core.$ZodType, key: string): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    return Object.hasOwn(shape, key) ? unwrapped(shape[key] as z.core.$ZodType) : [];
  }
  if (schema instanceof z.ZodRecord) return unwrapped(schema.valueType);
  return schema instanceof z.ZodArray ? unwrapped(schema.element) : [];
}

/** The schemas that a value may have to fit, without `optional` and the like around them. */
function unwrapped(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  ) {
    return unwrapped(schema.unwrap());
  }
  return schema instanceof z.ZodUnion ? schema.options.flatMap(unwrapped) : [schema];
}
