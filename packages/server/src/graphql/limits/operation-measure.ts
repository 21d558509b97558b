import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  valueFromASTUntyped,
} from 'graphql';
import type { FieldComplexity } from './complexity.js';

/** As a request brings them: nobody has looked whether they fit. */
export type Variables = Readonly<Record<string, unknown>> | null | undefined;

interface Measure {
  readonly depth: number;
  readonly aliases: number;
  readonly fields: number;
  readonly cost: number;
}

const NOTHING: Measure = { depth: 0, aliases: 0, fields: 0, cost: 0 };
/** What introspection lists, about. It stays the same as the schema grows, so that the usual introspection stays allowed. */
const INTROSPECTED_ROWS: Readonly<Record<string, number>> = { types: 60, fields: 8 };

/** Measures an operation that nobody has validated: what the schema does not know costs one. */
export function measureOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Measure {
  return new OperationMeasurer(schema, document, operation, variables).measure();
}

class OperationMeasurer {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #measured = new Map<string, Measure>();
  readonly #variables: Readonly<Record<string, unknown>>;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
    variables: Variables,
  ) {
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
    this.#variables = { ...defaultsOf(operation), ...variables };
  }

  measure(): Measure {
    const { operation, selectionSet } = this.operation;
    return this.#set(selectionSet, this.schema.getRootType(operation) ?? undefined);
  }

  #set(set: SelectionSetNode | undefined, type: GraphQLNamedType | undefined): Measure {
    return (set?.selections ?? []).map((node) => this.#selection(node, type)).reduce(add, NOTHING);
  }

  #selection(node: SelectionNode, type: GraphQLNamedType | undefined): Measure {
    if (node.kind === Kind.FIELD) return this.#field(node, type);
    if (node.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(node.name.value);
    const on = node.typeCondition?.name.value;
    return this.#set(node.selectionSet, on === undefined ? type : this.schema.getType(on));
  }

  #fragment(name: string): Measure {
    const known = this.#measured.get(name);
    if (known !== undefined) return known;
    // Until it is measured a fragment counts as nothing, which ends cycles; GraphQL refuses those by itself.
    this.#measured.set(name, NOTHING);
    const fragment = this.#fragments.get(name);
    const on = fragment && this.schema.getType(fragment.typeCondition.name.value);
    const measure = this.#set(fragment?.selectionSet, on);
    this.#measured.set(name, measure);
    return measure;
  }

  #field(node: FieldNode, parent: GraphQLNamedType | undefined): Measure {
    const field = fieldOf(node, parent);
    const inner = this.#set(node.selectionSet, field && getNamedType(field.type));
    const introspects = parent !== undefined && isIntrospectionType(parent);
    return {
      // Introspection is deep by nature; graphql-js bounds how far it goes round.
      depth: introspects || node.name.value.startsWith('__') ? 0 : inner.depth + 1,
      aliases: inner.aliases + (node.alias ? 1 : 0),
      fields: inner.fields + 1,
      cost: this.#cost(node, parent, field, inner.cost),
    };
  }

  #cost(
    node: FieldNode,
    type: GraphQLNamedType | undefined,
    field: GraphQLField<unknown, unknown> | undefined,
    childComplexity: number,
  ): number {
    if (type === undefined || field === undefined) return 1 + childComplexity;
    if (isIntrospectionType(type))
      return 1 + childComplexity * (INTROSPECTED_ROWS[field.name] ?? 1);
    const complexity = field.extensions['complexity'] as FieldComplexity | number | undefined;
    if (typeof complexity !== 'function') return (complexity ?? 1) + childComplexity;
    return complexity({ args: this.#arguments(node), childComplexity });
  }

  #arguments({ arguments: given = [] }: FieldNode): Record<string, unknown> {
    return Object.fromEntries(
      given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, this.#variables)]),
    );
  }
}

function defaultsOf({
  variableDefinitions = [],
}: OperationDefinitionNode): Record<string, unknown> {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
}

function fieldOf(
  { name }: FieldNode,
  parent: GraphQLNamedType | undefined,
): GraphQLField<unknown, unknown> | undefined {
  if (name.value === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name.value === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  return parent.getFields()[name.value];
}

function add(one: Measure, other: Measure): Measure {
  return {
    depth: Math.max(one.depth, other.depth),
    aliases: one.aliases + other.aliases,
    fields: one.fields + other.fields,
    cost: one.cost + other.cost,
  };
}
