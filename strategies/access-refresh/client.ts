export { createInBandClient as createClient } from '../shared/client/token-client.ts';
