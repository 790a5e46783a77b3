import { randomBytes } from 'node:crypto';
import { newId } from './directory.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { IdentityStore, Row } from './store.ts';

/** What lets a program in as a user, on one project, with some of the user's roles there. */
export interface ApplicationCredential {
  readonly id: string;
  readonly userId: string;
  readonly projectId: string;
  readonly name: string;
  readonly description: string;
  /** Ids of roles. */
  readonly roles: readonly string[];
  /** Seconds since the epoch; undefined: never. */
  readonly expires: number | undefined;
  /** Whether its tokens may make and delete application credentials. */
  readonly unrestricted: boolean;
}

const credentialOf = (row: Row): ApplicationCredential => ({
  id: String(row.id),
  userId: String(row.user_id),
  projectId: String(row.project_id),
  name: String(row.name),
  description: String(row.description),
  roles: String(row.roles).split(' '),
  expires: row.expires === null ? undefined : Number(row.expires),
  unrestricted: row.unrestricted === 1,
});

/** Application credentials; of their secrets only hashes are kept. */
export class ApplicationCredentials {
  readonly #store: IdentityStore;

  constructor(store: IdentityStore) {
    this.#store = store;
  }

  /** Those of a user, by name. */
  of(userId: string): readonly ApplicationCredential[] {
    const sql = 'SELECT * FROM application_credentials WHERE user_id = ? ORDER BY name';
    return this.#store.all(sql, userId).map(credentialOf);
  }

  find(id: string): ApplicationCredential | undefined {
    const row = this.#store.one('SELECT * FROM application_credentials WHERE id = ?', id);
    return row && credentialOf(row);
  }

  /**
   * Keep a credential. Returns it with its secret, which is not to be had again; undefined when the user has one of that
   * name, or the user or the project is gone.
   *
   * @param secret made up when undefined
   */
  async make(
    wanted: Omit<ApplicationCredential, 'id'>,
    // No character that a shell or an option parser takes for its own.
    secret = randomBytes(32).toString('hex'),
  ): Promise<{ readonly credential: ApplicationCredential; readonly secret: string } | undefined> {
    const credential = { ...wanted, id: newId() };
    const hash = await hashPassword(secret);
    const added = this.#store.run(
      `INSERT INTO application_credentials SELECT ?, users.id, projects.id, ?, ?, ?, ?, ?, ? FROM users, projects
        WHERE users.id = ? AND projects.id = ? ON CONFLICT DO NOTHING`,
      credential.id,
      credential.name,
      credential.description,
      hash,
      credential.roles.join(' '),
      credential.expires ?? null,
      Number(credential.unrestricted),
      credential.userId,
      credential.projectId,
    );
    return added === 0 ? undefined : { credential, secret };
  }

  /** Takes the same time whether or not there is such a credential. */
  async secretIs(id: string | undefined, secret: string): Promise<boolean> {
    const sql = 'SELECT secret FROM application_credentials WHERE id = ?';
    const row = id === undefined ? undefined : this.#store.one(sql, id);
    return verifyPassword(secret, row === undefined ? undefined : String(row.secret));
  }

  remove(id: string): void {
    this.#store.run('DELETE FROM application_credentials WHERE id = ?', id);
  }
}
