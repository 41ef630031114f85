import { ContainerModule } from 'inversify';
import type { Config } from '#composition/config.ts';
import { Platform } from '#composition/modules/platform.ts';
import { testConfig } from './profiles.ts';

/** Puts another configuration in place of the tests' usual one. */
export const configured = (changes: Partial<Config>): ContainerModule =>
  new ContainerModule(({ rebind }) => {
    rebind(Platform.config).toConstantValue({ ...testConfig, ...changes });
  });
