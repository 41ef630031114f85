import { TestSmtpServer } from '../support/smtp-server.ts';

/** A mail server in a process of its own, so that the one that is measured does not do its work as well. */
const server = new TestSmtpServer();
process.send?.(await server.listen());
process.on('message', () => {
  process.send?.(server.received.length);
  server.received.length = 0;
});
process.on('disconnect', () => void server.close().then(() => process.exit(0)));
