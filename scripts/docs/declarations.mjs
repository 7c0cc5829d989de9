// The declarations of the public API, as each language writes them, from the compiled assembly. jsii-docgen writes calls with types in
// them, which compile in no language, and for C# namespaces that do not exist.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { toPascalCase, toSnakeCase } from 'codemaker';

const PRIMITIVES = {
  csharp: { string: 'string', number: 'double', boolean: 'bool', any: 'object', json: 'IDictionary<string, object>', date: 'System.DateTime' },
  java: { string: 'String', number: 'Number', boolean: 'Boolean', any: 'Object', json: 'com.fasterxml.jackson.databind.node.ObjectNode', date: 'java.time.Instant' },
  go: { string: '*string', number: '*float64', boolean: '*bool', any: 'interface{}', json: '*map[string]interface{}', date: '*time.Time' },
  python: { string: 'str', number: 'float', boolean: 'bool', any: 'Any', json: 'Mapping[str, Any]', date: 'datetime.datetime' },
};

/** The declarations of an assembly in one language. */
export class Declarations {
  #language;
  #assembly;
  #modules = new Map();
  /** Of this assembly, and of those whose types it extends. */
  #types;

  /** @param root the folder of the package */
  constructor(language, root) {
    this.#language = language;
    this.#assembly = readAssembly(root);
    const others = ['constructs', 'aws-cdk-lib'].map((name) => readAssembly(join(root, 'node_modules', name)));
    this.#types = Object.assign({}, ...[this.#assembly, ...others].map(({ types }) => types));
    for (const [name, { targets, submodules = {} }] of Object.entries(this.#assembly.dependencyClosure)) {
      this.#modules.set(name, targets);
      for (const [submodule, { targets: own }] of Object.entries(submodules)) { this.#modules.set(submodule, own); }
    }
  }

  /** @param id the anchor of a heading on the page. @returns undefined if it is none of a declaration */
  of(id) {
    const [name, ...member] = id.slice(this.#assembly.name.length + 1).split('.');
    const type = id.startsWith(`${this.#assembly.name}.`) ? this.#types[`${this.#assembly.name}.${name}`] : undefined;
    if (!type) { return undefined; }
    const write = WRITERS[this.#language];
    const own = {
      name,
      type: (value) => this.#typeOf(value),
      kindOf: (value) => this.#types[value.fqn]?.kind,
      structOf: (value) => (this.#types[value.fqn]?.datatype ? this.#allProperties(this.#types[value.fqn]) : undefined),
    };
    if (member.length === 1 && member[0] === 'Initializer') {
      if (type.kind === 'class') { return write.construct({ ...own, parameters: type.initializer?.parameters ?? this.#inherited(type) }); }
      return write.struct({ ...own, properties: this.#allProperties(type) });
    }
    const method = member.length === 1 && this.#find(type, 'methods', member[0]);
    if (method) { return write.method({ ...own, method: { ...method, parameters: method.parameters ?? [] } }); }
    const property = member.length === 2 && member[0] === 'property' && this.#find(type, 'properties', member[1]);
    return property && !property.const ? write.property({ ...own, property, isStruct: type.datatype === true }) : undefined;
  }

  /** A text in which modules of CDK are named as C# names them. */
  withNamespaces(text) {
    return text.replace(/\bAmazon\.CDK\.([a-z]\w*)\./g, (name, submodule) => {
      const namespace = this.#modules.get(`aws-cdk-lib.${submodule}`)?.dotnet?.namespace;
      return namespace ? `${namespace}.` : name;
    });
  }

  #inherited(type) {
    const base = this.#types[type.base];
    return base?.initializer?.parameters ?? (base ? this.#inherited(base) : []);
  }

  #find(type, kind, name) {
    const found = type[kind]?.find((one) => one.name === name);
    const above = [type.base, ...type.interfaces ?? []].map((fqn) => this.#types[fqn]).filter(Boolean);
    return found ?? above.map((one) => this.#find(one, kind, name)).find(Boolean);
  }

  /** Of a struct, with those of the structs that it extends. */
  #allProperties(type) {
    const above = (type.interfaces ?? []).flatMap((fqn) => this.#allProperties(this.#types[fqn]));
    return [...new Map([...above, ...type.properties ?? []].map((one) => [one.name, one])).values()]
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  #typeOf(value) {
    const primitives = PRIMITIVES[this.#language];
    if (value === undefined) { return WRITERS[this.#language].nothing; }
    if (value.primitive) { return primitives[value.primitive]; }
    if (value.collection) { return WRITERS[this.#language][value.collection.kind](this.#typeOf(value.collection.elementtype)); }
    if (value.union) { return primitives.any; }
    const { fqn } = value;
    if (fqn.startsWith(`${this.#assembly.name}.`)) { return WRITERS[this.#language].own(fqn.slice(this.#assembly.name.length + 1), this.#types[fqn]); }
    const at = fqn.lastIndexOf('.');
    return WRITERS[this.#language].foreign(this.#modules.get(fqn.slice(0, at)), fqn.slice(at + 1), fqn, this.#types[fqn]);
  }
}

/** Large assemblies are compressed. */
function readAssembly(folder) {
  const assembly = JSON.parse(readFileSync(join(folder, '.jsii'), 'utf8'));
  return assembly.schema === 'jsii/file-redirect' ? JSON.parse(gunzipSync(readFileSync(join(folder, assembly.filename)))) : assembly;
}

const list = (parameters, one) => parameters.map(one).join(', ');
const lines = (text) => text.filter((line) => line !== undefined).join('\n');

const csharpParameters = (parameters, type) => list(parameters, ({ name, type: own, optional, variadic }) => (
  `${variadic ? 'params ' : ''}${type(own)}${variadic ? '[]' : ''} ${name}${optional && !variadic ? ' = null' : ''}`));
const javaParameters = (parameters, type) => list(parameters, ({ name, type: own, variadic }) => `${type(own)}${variadic ? '...' : ''} ${name}`);
const goParameters = (parameters, type) => list(parameters, ({ name, type: own, variadic }) => `${name} ${variadic ? '...' : ''}${type(own)}`);
const pythonParameter = ({ name, type: own, optional, variadic }, type) => (
  `${variadic ? '*' : ''}${toSnakeCase(name)}: ${type(own)}${optional && !variadic ? ' = None' : ''}`);

/** The options of a struct at the end are keywords. */
const pythonParameters = (parameters, { type, structOf }) => parameters.flatMap((one, index) => {
  const struct = index === parameters.length - 1 && !one.variadic ? structOf(one.type) : undefined;
  return struct ? ['*', ...struct.map((property) => pythonParameter(property, type))] : [pythonParameter(one, type)];
});

/** On one line, if it is short. */
const pythonDef = (name, parameters, returns, indent) => {
  const short = `${indent}def ${name}(${parameters.join(', ')}) -> ${returns}: ...`;
  return short.length <= 100 ? short : `${indent}def ${name}(\n${parameters.map((one) => `${indent}    ${one},\n`).join('')}${indent}) -> ${returns}: ...`;
};

const WRITERS = {
  csharp: {
    nothing: 'void',
    array: (element) => `${element}[]`,
    map: (element) => `IDictionary<string, ${element}>`,
    own: (name) => name,
    foreign: ({ dotnet: { namespace } }, name) => `${namespace}.${name}`,
    construct: ({ name, parameters, type }) => `public ${name}(${csharpParameters(parameters, type)});`,
    method: ({ method: { name, static: isStatic, parameters, returns }, type }) => (
      `public ${isStatic ? 'static ' : ''}${type(returns?.type)} ${toPascalCase(name)}(${csharpParameters(parameters, type)});`),
    property: ({ property: { name, immutable, static: isStatic, type: own }, isStruct, type }) => (
      `public ${isStatic ? 'static ' : ''}${type(own)} ${toPascalCase(name)} { get; ${isStruct || !immutable ? 'set; ' : ''}}`),
    struct: ({ name, properties, type }) => lines([
      `new ${name}`, '{', ...properties.map((one) => `    ${toPascalCase(one.name)} = default, // ${type(one.type)}${one.optional ? '' : ', required'}`), '};',
    ]),
  },
  java: {
    nothing: 'void',
    array: (element) => `java.util.List<${element}>`,
    map: (element) => `java.util.Map<String, ${element}>`,
    own: (name) => name,
    foreign: ({ java: { package: name } }, type) => `${name}.${type}`,
    construct: ({ name, parameters, type }) => `public ${name}(${javaParameters(parameters, type)});`,
    method: ({ method: { name, static: isStatic, parameters, returns }, type }) => (
      `public ${isStatic ? 'static ' : ''}${type(returns?.type)} ${name}(${javaParameters(parameters, type)});`),
    property: ({ property: { name, type: own, static: isStatic }, type }) => `public ${isStatic ? 'static ' : ''}${type(own)} get${toPascalCase(name)}();`,
    struct: ({ name, properties, type }) => lines([
      `${name}.builder()`, ...properties.map((one) => `        .${one.name}(null) // ${type(one.type)}${one.optional ? '' : ', required'}`), '        .build();',
    ]),
  },
  go: {
    nothing: '',
    array: (element) => `*[]${element}`,
    map: (element) => `*map[string]${element}`,
    own: (name, { datatype }) => (datatype ? `*${name}` : name),
    foreign: ({ go }, name, fqn, { datatype } = {}) => `${datatype ? '*' : ''}${go?.packageName ?? fqn.split('.').at(-2).replaceAll('_', '')}.${name}`,
    construct: ({ name, parameters, type }) => `func New${name}(${goParameters(parameters, type)}) ${name}`,
    method: ({ name, method: { name: method, static: isStatic, parameters, returns }, type }) => (
      `func ${isStatic ? `${name}_` : `(${name}) `}${toPascalCase(method)}(${goParameters(parameters, type)}) ${type(returns?.type)}`.trimEnd()),
    property: ({ name, property: { name: property, static: isStatic, type: own }, isStruct, type }) => (isStruct
      ? `${toPascalCase(property)} ${type(own)}`
      : `func ${isStatic ? `${name}_` : `(${name}) `}${toPascalCase(property)}() ${type(own)}`),
    struct: ({ name, properties, type, kindOf }) => lines([
      `&${name}{`, ...properties.map((one) => `\t${toPascalCase(one.name)}: ${kindOf(one.type) === 'enum' ? '""' : 'nil'}, // ${type(one.type)}${one.optional ? '' : ', required'}`), '}',
    ]),
  },
  python: {
    nothing: 'None',
    array: (element) => `Sequence[${element}]`,
    map: (element) => `Mapping[str, ${element}]`,
    own: (name) => name,
    foreign: ({ python: { module } }, name) => `${module}.${name}`,
    construct: ({ name, parameters, ...types }) => `class ${name}:\n${pythonDef('__init__', ['self', ...pythonParameters(parameters, types)], 'None', '    ')}`,
    method: ({ method: { name, static: isStatic, parameters, returns }, ...types }) => lines([
      isStatic ? '@staticmethod' : undefined,
      pythonDef(name === 'with' ? 'with_' : toSnakeCase(name), [...isStatic ? [] : ['self'], ...pythonParameters(parameters, types)], types.type(returns?.type), ''),
    ]),
    property: ({ property: { name, type: own }, isStruct, type }) => (isStruct
      ? `${toSnakeCase(name)}: ${type(own)}`
      : `@property\ndef ${toSnakeCase(name)}(self) -> ${type(own)}: ...`),
    struct: ({ name, properties, type }) => `class ${name}:\n${pythonDef('__init__', ['self', '*', ...properties.map((one) => pythonParameter(one, type))], 'None', '    ')}`,
  },
};
