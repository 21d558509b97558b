import { Field, ObjectType } from 'type-graphql';
import type { Namespace } from '../../database/entities/namespace.entity.js';

@ObjectType('Namespace', {
  description: 'Where the repositories of an account lie: alice/app is in alice.',
})
export class NamespaceType {
  constructor(private readonly row: Namespace) {}

  @Field(() => String)
  get name(): string {
    return this.row.name;
  }

  @Field(() => Boolean, { name: 'public', description: 'Anybody reads it, without a token.' })
  get isPublic(): boolean {
    return this.row.isPublic;
  }
}
