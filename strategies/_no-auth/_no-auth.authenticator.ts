import type { Admitted, AuthConnection, Authenticator, Handshake, UserDirectory } from '../strategy.ts';

/** Believes whatever name the client gives. */
export class NoAuthAuthenticator implements Authenticator {
  readonly #directory: UserDirectory;

  constructor(directory: UserDirectory) {
    this.#directory = directory;
  }

  async authenticate({ auth }: Handshake): Promise<Admitted> {
    const claimed = auth['subject'];
    const subject = typeof claimed === 'string' && claimed.length <= 128 ? claimed : 'anonymous';
    const roles = (await this.#directory.find(subject))?.roles ?? [];
    return { admitted: true, principal: { subject, roles } };
  }

  authorize(connection: AuthConnection): Admitted {
    return connection.admitted;
  }
}
