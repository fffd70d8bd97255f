// Loads and activates the built extension with a stand-in for `vscode`, and prints the milliseconds of both.
import Module, { createRequire } from 'node:module';

const bundle = process.argv[2];
const answers = { get: () => undefined, inspect: () => undefined, t: text => text, getExtension: () => undefined };
const values = { then: undefined, workspaceFolders: undefined, language: 'en', fsPath: '/tmp/none', size: 0, length: 0 };

/** Takes every call and every property, so that it need not follow what the extension uses. */
const anything = new Proxy(class {}, {
  get: (target, key) =>
    key === Symbol.toPrimitive ? () => ''
    : key === Symbol.iterator ? () => [][Symbol.iterator]()
    : key === 'prototype' ? target.prototype
    : Object.hasOwn(answers, key) ? answers[key]
    : Object.hasOwn(values, key) ? values[key]
    : anything,
  apply: () => anything,
  construct: (_, __, made) => made === anything ? anything : Reflect.construct(class {}, [], made),
});

/** A bundle looks for a module's names on a copy of it; the copy inherits them from here. */
const vscode = new Proxy({}, { getPrototypeOf: () => anything, get: (_, key) => anything[key] });

const load = Module._load;
Module._load = function (request, ...rest) { return request === 'vscode' ? vscode : Reflect.apply(load, this, [request, ...rest]); };
const context = new Proxy({ subscriptions: [], extensionPath: '/tmp/none' }, { get: (own, key) => own[key] ?? anything });

const start = performance.now();
const { activate } = createRequire(import.meta.url)(bundle);
const loaded = performance.now();
await activate(context);
const activated = performance.now();
// What was put off runs while the editor waits for nothing any more.
if (context.subscriptions.length === 0) throw new Error('activate registered nothing: the stand-in no longer fits');
console.log(JSON.stringify({ load: loaded - start, activate: activated - loaded }));
process.exit(0);
