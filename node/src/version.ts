import { core } from './core.js';

/** The library's version: `major.minor.patch`. */
export const version: string = core.version();
