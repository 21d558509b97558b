import { Field, ID, ObjectType } from 'type-graphql';
import { type PublishedKey, SigningKeyStatus } from '../../registry/signing-key.service.js';
import { DateTime, toDate } from '../schema/date-time.js';

@ObjectType('RegistryKey', { description: 'A key that signs registry tokens.' })
export class RegistryKeyType {
  constructor(private readonly published: PublishedKey) {}

  @Field(() => ID, { description: 'The identifier that its tokens bear.' })
  get kid(): string {
    return this.published.key.kid;
  }

  @Field(() => SigningKeyStatus)
  get status(): SigningKeyStatus {
    return this.published.status;
  }

  @Field(() => DateTime)
  get createdAt(): Date {
    return toDate(this.published.key.createdAt);
  }

  @Field(() => DateTime, { description: 'Published before, signing from here on.' })
  get activeFrom(): Date {
    return toDate(this.published.key.activeFrom);
  }

  @Field(() => String, { description: 'In PEM, for a registry.' })
  get certificate(): string {
    return this.published.key.certificate;
  }

  @Field(() => DateTime)
  get certificateExpiresAt(): Date {
    return toDate(this.published.key.certificateExpiresAt);
  }
}
