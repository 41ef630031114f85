/** The body of an answer, or undefined as soon as there is more of it than that; then the rest is not read. */
export async function readAtMost({ body }: Response, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > bytesMax) return undefined;
  }
  return Buffer.concat(chunks);
}
