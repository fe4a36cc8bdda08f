import { folderRegistry } from './shared/folder-registry.ts';
import type { Strategy } from './strategy.ts';

const registry = folderRegistry<Strategy>(import.meta.url, 'strategy');

/** Every strategy, found by its folder, in the order of their names. */
export const loadStrategies = (): Promise<Strategy[]> => registry.all();

/** The one named `id`; no other is loaded. @throws TypeError that names those there are */
export const loadStrategy = (id: string): Promise<Strategy> => registry.one(id);

/** The client half of the one named `id`. Its server half is not loaded: that takes half a second of CPU. @throws TypeError likewise */
export const loadStrategyClient = (id: string): ReturnType<Strategy['client']> => registry.part(id, 'client');
