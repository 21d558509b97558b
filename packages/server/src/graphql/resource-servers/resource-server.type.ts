import { Field, ID, ObjectType } from 'type-graphql';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';
import { DateTime, toDate } from '../date-time.js';

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
}

@ObjectType()
export class ResourceServerWithSecret {
  @Field(() => ResourceServerType)
  resourceServer!: ResourceServerType;

  @Field(() => String, { description: 'Its client secret, shown this once.' })
  secret!: string;
}
