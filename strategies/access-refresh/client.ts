import { inBandClient } from '../shared/client/token-client.ts';

export const createClient = inBandClient(false);
