import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { NodeLoad } from '#application/platform/nodes.ts';

const MIB = 1_048_576;

/** Tells how busy this process was since it was last asked. The lag is what 99 of 100 turns of the loop did not exceed. */
export function processLoad(): { read(): NodeLoad; stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let [cpu, at] = [process.cpuUsage(), performance.now()];
  return {
    read() {
      const [used, now] = [process.cpuUsage(cpu), performance.now()];
      const busyMs = (used.user + used.system) / 1_000;
      const load = {
        eventLoopLagMs: Math.max(0, Math.round(delay.percentile(99) / 1e5) / 10 - 20),
        cpuPercent: Math.round((100 * busyMs) / Math.max(1, now - at)),
        memoryMb: Math.round(process.memoryUsage.rss() / MIB),
      };
      [cpu, at] = [process.cpuUsage(), now];
      delay.reset();
      return load;
    },
    stop: () => void delay.disable(),
  };
}
