export { createInBandClient as createClient } from '../shared/token-client.ts';
