import { Entity, PrimaryColumn } from 'typeorm';
import { TextColumn, TimeColumn } from '../columns.js';

/** A key that signs registry tokens, and the certificate by which registries know it. */
@Entity('signing_keys')
export class SigningKey {
  /** The key's libtrust fingerprint. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  kid!: string;

  /** PKCS #8 in PEM. */
  @TextColumn(4000)
  privateKey!: string;

  /** X.509 in PEM, self-signed. */
  @TextColumn(4000)
  certificate!: string;

  @TimeColumn()
  createdAt!: number;

  /** It is published before, so that registries know it in time, and signs from here on. */
  @TimeColumn()
  activeFrom!: number;

  @TimeColumn()
  certificateExpiresAt!: number;
}
