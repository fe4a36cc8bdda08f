import { tokenClient } from '../shared/token-client.ts';

export const createClient = tokenClient((token) => ({ auth: { token } }));
