/** What is missing or too many in an input stands in graphql-js' complaint, and not in the place that it names. */
const FIELD = /^Field "(?:\w+\.)?(\w+)" (?:of required type|is not defined)/;
/** Where graphql-js shows the value. Each begins at the start, or a long value would take many times its length. */
const SCALAR = /^((?:Enum "\w+"|\w+) cannot represent [\w -]+): .*$/s;
const ENUM = /^Value ".*" (does not exist in "\w+" enum)/s;
const OTHER = /^(Expected value of type "[^"]+"), found .*$/s;

/** The field that an input lacks or should not have, where that is the complaint. */
export function missingOrForeignField(complaint: string): string | undefined {
  return FIELD.exec(complaint)?.[1];
}

/** A complaint of graphql-js' without the value that it is about: a password in the wrong place, perhaps. */
export function withoutValue(complaint: string): string {
  return complaint.replace(SCALAR, '$1.').replace(ENUM, 'The value $1').replace(OTHER, '$1.');
}
