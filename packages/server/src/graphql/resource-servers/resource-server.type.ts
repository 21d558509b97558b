import { Field, ID, ObjectType } from 'type-graphql';
import type { ResourceServer } from '../../database/entities/resource-server.entity.js';
import { DateTime, toDate } from '../schema/date-time.js';

@ObjectType('ResourceServer', { description: 'An API that introspects the tokens it is sent.' })
export class ResourceServerType {
  constructor(private readonly row: ResourceServer) {}

  @Field(() => ID)
  get id(): string {
    return this.row.id;
  }

  @Field(() => String, { description: 'Its client identifier.' })
  get name(): string {
    return this.row.name;
  }

  @Field(() => DateTime)
  get createdAt(): Date {
    return toDate(this.row.createdAt);
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'When its secret was ended, as after a leak; null while the secret is good.',
  })
  get revokedAt(): Date | null {
    return toDate(this.row.revokedAt);
  }

  @Field(() => String, { nullable: true, description: 'Why it was ended, for a person.' })
  get revocationNote(): string | null {
    return this.row.revocationNote;
  }
}

@ObjectType()
export class ResourceServerWithSecret {
  @Field(() => ResourceServerType)
  resourceServer!: ResourceServerType;

  @Field(() => String, { description: 'Its client secret, shown this once.' })
  secret!: string;
}
