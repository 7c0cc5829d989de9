import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ISOLATED, PYTHONS } from './pythons';
import { runTool } from '../tools/tool';

/** What is known of a module without running it. */
export interface ModuleNames {
  /** All names that the module has or may have; undefined if you would have to run it to know. */
  readonly names?: string[];
  /** The functions and classes that it defines. */
  readonly defined: string[];
  /** The functions that are `async`. */
  readonly awaited: string[];
  /** Why it cannot be loaded, with the line. */
  readonly error?: string;
}

const known = new Map<string, ModuleNames>();

/**
 * Finds the names in Python files, without running them. Python's own parser reads them, in one call for all files, if there is a Python
 * on this machine.
 *
 * @param minor the minor version of the runtime: 13 for Python 3.13
 */
export function namesOf(files: string[], minor: number): Map<string, ModuleNames> {
  const keys = new Map(files.map((file) => [file, createHash('sha256').update(`${minor} `).update(readFileSync(file)).digest('hex')]));
  const unread = [...keys].filter(([, key]) => !known.has(key));
  if (unread.length > 0) {
    const parsed = parse(unread.map(([file]) => file), minor);
    unread.forEach(([file, key], index) => known.set(key, parsed?.[index] ?? scan(readFileSync(file, 'utf8'))));
  }
  return new Map([...keys].map(([file, key]) => [file, known.get(key)!]));
}

/** Prints what is known about each file; null for a file that this Python may be too old to parse. */
const SCRIPT = `
import ast, json, re, sys

class Names(ast.NodeVisitor):
    def __init__(self):
        self.names, self.defined, self.awaited, self.dynamic = set(), [], set(), False

    def define(self, node):
        self.names.add(node.name)
        if node.name not in self.defined:
            self.defined.append(node.name)
        self.awaited.discard(node.name)

    def visit_FunctionDef(self, node):
        self.define(node)
        self.dynamic |= node.name == "__getattr__"
        self.inside(node)

    def visit_AsyncFunctionDef(self, node):
        self.define(node)
        if not node.decorator_list:
            self.awaited.add(node.name)
        self.inside(node)

    def visit_ClassDef(self, node):
        self.define(node)
        self.inside(node)

    def visit_Lambda(self, node):
        pass

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self.names.add(node.id)
            self.awaited.discard(node.id)
        elif node.id in ("globals", "exec", "vars", "setattr", "__dict__"):
            self.dynamic = True

    def visit_Attribute(self, node):
        # sys.modules[__name__], and the like
        self.dynamic |= node.attr in ("modules", "__dict__")
        self.generic_visit(node)

    def visit_Import(self, node):
        for alias in node.names:
            self.names.add(alias.asname or alias.name.split(".")[0])

    def visit_ImportFrom(self, node):
        for alias in node.names:
            if alias.name == "*":
                self.dynamic = True
            self.names.add(alias.asname or alias.name)

    def visit_MatchAs(self, node):
        if node.name:
            self.names.add(node.name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def inside(self, node):
        for child in ast.walk(node):
            if isinstance(child, ast.Global):
                self.names.update(child.names)
            elif isinstance(child, ast.Name) and child.id in ("globals", "exec", "setattr"):
                self.dynamic = True

# No newer grammar cures these: what a newer Python allows inside the braces of an f-string is the one exception.
def fails_everywhere(error, text):
    if isinstance(error, IndentationError):
        return True
    has_template = re.search(rb"\\b(?:[ft]r?|r[ft])[\\x27\\x22]", text, re.IGNORECASE)
    return "was never closed" in str(getattr(error, "msg", "")) and not has_template

def read(file):
    with open(file, "rb") as source:
        text = source.read()
    try:
        tree = ast.parse(text, file, feature_version=(3, min(minor, sys.version_info[1])))
        compile(text, file, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        if sys.version_info < (3, minor) and not fails_everywhere(error, text):
            return None
        return {"defined": [], "awaited": [], "error": f"line {getattr(error, 'lineno', None) or 1}: {getattr(error, 'msg', error)}"}
    names = Names()
    names.visit(tree)
    found = {"defined": names.defined, "awaited": sorted(names.awaited)}
    return found if names.dynamic else {**found, "names": sorted(names.names)}

minor, files = json.load(sys.stdin)
print(json.dumps([read(file) for file in files]))
`;

function parse(files: string[], minor: number): Array<ModuleNames | null> | undefined {
  for (const python of PYTHONS) {
    const { ok, stdout } = runTool(python, [...ISOLATED, '-S', '-W', 'ignore', '-c', SCRIPT], { input: JSON.stringify([minor, files]) });
    if (ok) { return JSON.parse(stdout); }
  }
  return undefined;
}

const STRING = /[rbuft]{0,2}("""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*')|#[^\n]*/gi;

/** The answer without Python: a name that appears nowhere in the code cannot be in the module; any other name may be. */
function scan(source: string): ModuleNames {
  const code = source.replace(STRING, '""');
  const words = new Set(code.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []);
  const isDynamic = ['globals', 'exec', 'vars', 'setattr', '__getattr__', '__dict__', 'modules'].some((word) => words.has(word)) || /\bimport\s*\(?\s*\*/.test(code);
  return {
    names: isDynamic ? undefined : [...words],
    defined: [...code.matchAll(/^(?:async\s+)?(?:def|class)\s+(\w+)/gm)].map(([, name]) => name),
    awaited: [],
  };
}
