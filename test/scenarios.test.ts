import * as ts from 'typescript';

jest.setTimeout(60_000);

/*
 * The strict tests see what the scenarios show, so the scenarios have to show everything. What there is and what is used is read by the
 * TypeScript compiler, which knows which option belongs to which interface.
 */
describe('the scenarios', () => {
  test('use each factory and method of the public API, with each of its options', () => {
    const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile('tsconfig.dev.json', ts.sys.readFile).config, ts.sys, '.');
    const program = ts.createProgram(['src/index.ts', 'test/scenarios.ts'], options);
    const shown = usedMembers(program, 'test/scenarios.ts');

    expect(publicMembers(program, 'src/index.ts').filter((member) => !shown.has(member))).toEqual([]);
  });
});

/** `Route.toHandler`, `RouteOptions.throttle`, `ModuleFormat.ESM` and so on. */
function publicMembers(program: ts.Program, file: string): string[] {
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!);
  return exported.flatMap((symbol) => checker.getAliasedSymbol(symbol).declarations!).flatMap((declaration) => {
    if (ts.isInterfaceDeclaration(declaration) || ts.isEnumDeclaration(declaration)) { return [...declaration.members].map(nameOf); }
    if (ts.isClassDeclaration(declaration)) { return declaration.members.filter(isPublicMethod).map(nameOf); }
    return [];
  });
}

function isPublicMethod(member: ts.ClassElement): boolean {
  const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
  return ts.isMethodDeclaration(member) && !member.modifiers?.some(({ kind }) => hidden.includes(kind)) && !member.name.getText().startsWith('_');
}

function usedMembers(program: ts.Program, file: string): Set<string> {
  const checker = program.getTypeChecker();
  const used = new Set<string>();
  const use = (symbol: ts.Symbol | undefined) => symbol?.declarations?.forEach((declaration) => used.add(nameOf(declaration)));
  const visit = (node: ts.Node) => {
    if (ts.isPropertyAccessExpression(node)) {
      use(checker.getSymbolAtLocation(node.name));
    } else if (ts.isObjectLiteralExpression(node)) {
      const type = checker.getContextualType(node);
      node.properties.forEach(({ name }) => name && type && use(checker.getNonNullableType(type).getProperty(name.getText())));
    }
    ts.forEachChild(node, visit);
  };
  visit(program.getSourceFile(file)!);
  return used;
}

function nameOf(member: ts.Declaration): string {
  return [member.parent, member].map((node) => ts.getNameOfDeclaration(node as ts.Declaration)?.getText()).join('.');
}
