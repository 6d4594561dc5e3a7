// Keeps the house in order: who may import whom, file and function size, forbidden globals and constructs.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const source = join(root, 'src')

function listFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? listFiles(path) : path.endsWith('.ts') ? [path] : []
  })
}

const files = listFiles(source).map((path) => {
  const name = relative(source, path)
  const text = readFileSync(path, 'utf8')
  return { name, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) }
})
type File = (typeof files)[number]

/** Pure data: exempt from the size limit only. */
const dataFiles = (name: string): boolean =>
  name.startsWith('territories/data/') || name === 'territories/names.ts' || name.startsWith('result/failures/')
/** The two places where a type-level tie has to be asserted; each says why. */
const castsAllowed = new Set(['result/proof.ts', 'result/error.ts'])

/** What each folder may import from, besides itself. */
const mayImport: Record<string, readonly string[]> = {
  result: [],
  bytes: ['result'],
  encoding: ['result', 'bytes'],
  crypto: ['result', 'bytes', 'encoding'],
  x509: ['result', 'bytes', 'encoding', 'crypto'],
  spdm: ['result', 'bytes', 'encoding', 'crypto', 'x509'],
  rim: ['result', 'bytes', 'encoding', 'crypto', 'x509'],
  token: ['result', 'bytes', 'encoding', 'crypto', 'x509'],
  location: ['result', 'bytes', 'encoding', 'crypto', 'x509', 'token'],
  nvidia: ['result', 'bytes', 'encoding', 'crypto', 'x509', 'spdm', 'token', 'rim'],
  appraise: ['result', 'bytes', 'encoding', 'x509', 'spdm', 'rim', 'token', 'location', 'nvidia'],
  anchors: ['result', 'bytes', 'encoding', 'crypto', 'x509'],
  territories: ['result', 'bytes', 'encoding', 'location'],
  collateral: ['result', 'bytes', 'encoding', 'crypto', 'x509', 'rim', 'nvidia', 'appraise'],
  testing: ['result', 'bytes'],
}

function folderOf(name: string): string {
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : '.'
}

function importsOf(file: File): string[] {
  const specifiers: string[] = []
  for (const statement of file.tree.statements) {
    if (
      (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) &&
      statement.moduleSpecifier !== undefined
    ) {
      if (ts.isStringLiteral(statement.moduleSpecifier)) specifiers.push(statement.moduleSpecifier.text)
    }
  }
  return specifiers
}

function localImports(file: File): string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(source, resolve(dirname(join(source, file.name)), specifier)).replace(/\.js$/, '.ts'))
}

function visit(node: ts.Node, act: (node: ts.Node) => void): void {
  act(node)
  ts.forEachChild(node, (child) => visit(child, act))
}

function lineOf(file: File, node: ts.Node): number {
  return file.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1
}

function offences(find: (file: File, report: (node: ts.Node, what: string) => void) => void, among = files): string[] {
  const found: string[] = []
  for (const file of among) find(file, (node, what) => found.push(`${file.name}:${lineOf(file, node)} ${what}`))
  return found
}

describe('imports', () => {
  it('point left and down', () => {
    const wrong = files.flatMap((file) => {
      const folder = folderOf(file.name)
      const allowed = mayImport[folder]
      if (allowed === undefined) return []
      return localImports(file)
        .filter((target) => folderOf(target) !== folder && !allowed.includes(folderOf(target)))
        .map((target) => `${file.name} -> ${target}`)
    })
    expect(wrong).toEqual([])
  })

  it('know every folder', () => {
    const known = new Set([...Object.keys(mayImport), '.', 'cli'])
    expect(files.map((file) => folderOf(file.name)).filter((folder) => !known.has(folder))).toEqual([])
  })

  it('form no cycle', () => {
    const graph = new Map(files.map((file) => [file.name, runtimeImports(file)]))
    const state = new Map<string, 'open' | 'done'>()
    const cycles: string[] = []
    const walk = (name: string, trail: readonly string[]): void => {
      if (state.get(name) === 'done') return
      if (state.get(name) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(name)), name].join(' -> '))
        return
      }
      state.set(name, 'open')
      for (const next of graph.get(name) ?? []) walk(next, [...trail, name])
      state.set(name, 'done')
    }
    for (const name of graph.keys()) walk(name, [])
    expect(cycles).toEqual([])
  })

  it('reach Node only from the command line', () => {
    const wrong = files
      .filter((file) => folderOf(file.name) !== 'cli' && !file.name.startsWith('territories/build/'))
      .flatMap((file) =>
        importsOf(file)
          .filter((s) => s.startsWith('node:'))
          .map((s) => `${file.name} -> ${s}`),
      )
    expect(wrong).toEqual([])
  })

  it('keep the testing kit and its dependencies out of everything else', () => {
    const wrong = files
      .filter((file) => folderOf(file.name) !== 'testing')
      .flatMap((file) =>
        importsOf(file)
          .filter((s) => /testing\/|@peculiar|asn1js|reflect-metadata/.test(s))
          .map((s) => `${file.name} -> ${s}`),
      )
    expect(wrong).toEqual([])
  })
})

/** Imports that exist at run time; type-only imports vanish and cannot form a cycle. */
function runtimeImports(file: File): string[] {
  return file.tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return []
    if (statement.moduleSpecifier === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) return []
    if (ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly === true) return []
    if (ts.isExportDeclaration(statement) && statement.isTypeOnly) return []
    const specifier = statement.moduleSpecifier.text
    if (!specifier.startsWith('.')) return []
    return [relative(source, resolve(dirname(join(source, file.name)), specifier)).replace(/\.js$/, '.ts')]
  })
}

describe('size', () => {
  it('keeps files within 400 lines', () => {
    const long = files.filter((file) => !dataFiles(file.name) && file.text.split('\n').length > 401)
    expect(long.map((file) => `${file.name}: ${file.text.split('\n').length}`)).toEqual([])
  })

  it('keeps functions within 60 lines', () => {
    const found = offences((file, report) =>
      visit(file.tree, (node) => {
        if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return
        const first = file.tree.getLineAndCharacterOfPosition(node.getStart()).line
        const last = file.tree.getLineAndCharacterOfPosition(node.getEnd()).line
        if (last - first + 1 > 60) report(node, `${last - first + 1} lines`)
      }),
    )
    expect(found).toEqual([])
  })

  it('opens every file with a sentence on what it is', () => {
    const found = files.filter((file) => !/^(#!.*\n)?(\/\/ |\/\*\*?\s)\S/.test(file.text))
    expect(found.map((file) => file.name)).toEqual([])
  })

  it('names files for what they hold', () => {
    const found = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc)(\/|\.ts$)/.test(file.name))
    expect(found.map((file) => file.name)).toEqual([])
  })
})

describe('constructs', () => {
  const edge = (file: File): boolean => folderOf(file.name) === 'cli' || file.name.startsWith('territories/build/')
  const core = files.filter((file) => !edge(file))

  it('uses no ambient clock, randomness, network, process or console', () => {
    const banned = new Set([
      'fetch',
      'process',
      'Buffer',
      'console',
      'setTimeout',
      'setInterval',
      'localStorage',
      'performance',
    ])
    const found = offences((file, report) => {
      visit(file.tree, (node) => {
        if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0)
          report(node, 'new Date()')
        if (ts.isPropertyAccessExpression(node)) {
          const text = node.getText()
          if (['Date.now', 'Math.random', 'performance.now'].includes(text)) report(node, text)
          if (node.name.text === 'localeCompare') report(node, 'localeCompare')
          if (node.name.text === 'subtle' && folderOf(file.name) !== 'crypto') report(node, 'subtle')
        }
        if (ts.isIdentifier(node) && banned.has(node.text) && isAmbientUse(node)) report(node, node.text)
      })
    }, core)
    expect(found).toEqual([])
  })

  it('keeps no mutable module state', () => {
    const found = offences((file, report) => {
      for (const statement of file.tree.statements) {
        if (ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) === 0)
          report(statement, 'let')
      }
    })
    expect(found).toEqual([])
  })

  it('has named exports only, and no re-export of everything', () => {
    const found = offences((file, report) => {
      for (const statement of file.tree.statements) {
        if (ts.isExportAssignment(statement)) report(statement, 'default export')
        if (ts.isExportDeclaration(statement) && statement.exportClause === undefined) report(statement, 'export *')
      }
    })
    expect(found).toEqual([])
  })

  it('casts nowhere but in the two files that say why', () => {
    const found = offences(
      (file, report) =>
        visit(file.tree, (node) => {
          if (ts.isAsExpression(node) && node.type.getText() !== 'const') report(node, node.getText())
          if (ts.isNonNullExpression(node) || ts.isTypeAssertionExpression(node)) report(node, node.getText())
          if (node.kind === ts.SyntaxKind.AnyKeyword) report(node, 'any')
        }),
      files.filter((file) => !castsAllowed.has(file.name)),
    )
    expect(found).toEqual([])
  })

  it('leaves no catch block empty', () => {
    const found = offences((file, report) =>
      visit(file.tree, (node) => {
        if (ts.isCatchClause(node) && node.block.statements.length === 0) report(node, 'empty catch')
      }),
    )
    expect(found).toEqual([])
  })
})

/** True when an identifier reads a global, not a member, property name, parameter or local of the same name. */
function isAmbientUse(node: ts.Identifier): boolean {
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent))
    return parent.name !== node
  if (ts.isShorthandPropertyAssignment(parent) || ts.isBindingElement(parent) || ts.isParameter(parent)) return false
  if (ts.isVariableDeclaration(parent) && parent.name === node) return false
  for (let scope: ts.Node | undefined = parent; scope !== undefined; scope = scope.parent) {
    if (ts.isFunctionLike(scope) && scope.parameters.some((p) => bindsName(p.name, node.text))) return false
    if (
      ts.isBlock(scope) &&
      scope.statements.some(
        (s) => ts.isVariableStatement(s) && s.declarationList.declarations.some((d) => bindsName(d.name, node.text)),
      )
    )
      return false
  }
  return !ts.isTypeNode(parent) && !ts.isTypeQueryNode(parent)
}

function bindsName(name: ts.BindingName, text: string): boolean {
  if (ts.isIdentifier(name)) return name.text === text
  return name.elements.some((element) => ts.isBindingElement(element) && bindsName(element.name, text))
}
