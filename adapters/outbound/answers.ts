import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Answer } from '#application/webhooks/ports.ts';
import { EXCERPT_MAX, type SendFault } from '#domain/webhooks/delivery.ts';

/** More of an answer is not read. */
const READ_MAX = 16 * 1024;

type Told = Pick<Answer, 'statusCode' | 'excerpt' | 'retryAfterMs'>;

/** What is answered to a request. Once there is a status it stands, however the rest of the answer ends. */
export function answered(request: ClientRequest): Promise<Told> {
  return new Promise((resolve, reject) => {
    let finish = reject; // Until there is a status, however it ends is no answer.
    request.on('error', (error) => finish(error));
    request.on('close', () => finish(new Error('closed without an answer')));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      finish = () => {
        resolve(told(response, Buffer.concat(chunks)));
        request.destroy();
      };
      response.on('error', () => finish());
      response.on('close', () => finish());
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= READ_MAX) finish();
      });
    });
  });
}

function told({ statusCode = 0, headers }: IncomingMessage, body: Buffer): Told {
  const isText = /^(text\/|application\/([\w.-]+\+)?(json|xml)\b)/i.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;
  return { statusCode, retryAfterMs: retryAfterOf(headers['retry-after']), excerpt: isText ? excerptOf(body.toString('utf8')) : '' };
}

/** One line of what people can read. */
const excerptOf = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, EXCERPT_MAX)
    .toWellFormed();

function retryAfterOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/;

export function faultOfError(error: unknown): SendFault {
  return TLS.test(String((error as { readonly code?: unknown } | null)?.code ?? '')) ? 'tls' : 'connection';
}
