import { ContainerModule } from 'inversify';
import { Platform } from '#composition/modules/platform.ts';

/** Time that moves only when it is told to. */
export class VirtualClock {
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now = (): number => this.#now;
  advance(ms: number): void {
    this.#now += ms;
  }

  /** Puts it in place of the real one. */
  override(): ContainerModule {
    return new ContainerModule(({ rebind }) => {
      rebind(Platform.clock).toConstantValue(this);
    });
  }
}
