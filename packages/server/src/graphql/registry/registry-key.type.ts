import { Field, ID, ObjectType } from 'type-graphql';
import type { SigningKey } from '../../database/entities/signing-key.entity.js';
import { DateTime, toDate } from '../schema/date-time.js';

@ObjectType('RegistryKey', { description: 'A key that signs registry tokens.' })
export class RegistryKeyType {
  constructor(private readonly row: SigningKey) {}

  @Field(() => ID, { description: 'The identifier that its tokens bear.' })
  get kid(): string {
    return this.row.kid;
  }

  @Field(() => DateTime)
  get createdAt(): Date {
    return toDate(this.row.createdAt);
  }

  @Field(() => DateTime, { description: 'Published before, signing from here on.' })
  get activeFrom(): Date {
    return toDate(this.row.activeFrom);
  }

  @Field(() => DateTime)
  get certificateExpiresAt(): Date {
    return toDate(this.row.certificateExpiresAt);
  }
}
