/** Longer ids are refused: they are keys in Redis. */
const MAX_ID_CHARACTERS = 200;

/**
 * `id` as BullMQ takes it. BullMQ refuses whole numbers and most ids with `:`, and its keys are joined by
 * `:`; hence the prefix and the percent encoding. Two ids never have the same encoding.
 * @throws TypeError for an empty id, one of more than 200 characters or one that is not well-formed
 */
export function encodeJobId(id: string): string {
  if (id.length === 0 || id.length > MAX_ID_CHARACTERS || !id.isWellFormed()) {
    throw new TypeError(`a job id is 1 to ${MAX_ID_CHARACTERS} characters of Unicode`);
  }
  return `j-${encodeURIComponent(id)}`;
}

/** The id that was encoded; what this product did not encode comes back as it is. */
export function decodeJobId(encoded: string): string {
  if (!encoded.startsWith('j-')) return encoded;
  return decodeURIComponent(encoded.slice('j-'.length));
}
