import type { MessageArgs } from '../errors.js';
import type { DefinitionProblemCode } from './definitionProblem.js';

/** An object of the settings as it came: any JSON may be in it. */
export type Fields = Readonly<Record<string, unknown>>;

/** Checks one value; the code says what is wrong with it. */
export type Check = (text: string) => DefinitionProblemCode | undefined;

/** Reads untrusted JSON field by field and collects what is wrong with it instead of stopping at the first. */
export interface SettingReader {
  /** Reports, and stands for the value that could not be read. */
  problem(code: DefinitionProblemCode, field: string, args?: MessageArgs): null;
  object(value: unknown, field: string, allowed: readonly string[]): Fields | null;
  text(fields: Fields, at: string, name: string, check?: Check): string | null;
  /** `undefined` when it is absent. */
  optionalText(fields: Fields, at: string, name: string, check?: Check): string | null | undefined;
  /** A list that must not be empty. */
  texts(fields: Fields, at: string, name: string, check?: Check): readonly string[] | null;
}

const control = /[\u0000-\u001f\u007f\u2028\u2029]/;

/** The path of a field inside its object. */
export const pathOf = (at: string, name: string): string => at === '' ? name : `${at}.${name}`;

/** Makes a reader that reports to `report`. */
export function settingReader(report: (code: DefinitionProblemCode, field: string, args: MessageArgs) => void): SettingReader {
  const problem: SettingReader['problem'] = (code, field, args = {}) => { report(code, field, args); return null; };

  const checked = (value: unknown, field: string, check?: Check): string | null => {
    if (typeof value !== 'string') return problem('NOT_A_TEXT', field);
    if (value.trim() === '') return problem('EMPTY', field);
    if (control.test(value)) return problem('CONTROL_CHARACTER', field);
    const code = check?.(value);
    return code ? problem(code, field, { value }) : value;
  };

  const optionalText: SettingReader['optionalText'] = (fields, at, name, check) =>
    fields[name] === undefined ? undefined : checked(fields[name], pathOf(at, name), check);

  return {
    problem,
    optionalText,
    object(value, field, allowed) {
      if (!isFields(value)) return problem('NOT_AN_OBJECT', field);
      for (const name of Object.keys(value)) {
        if (!allowed.includes(name)) problem('UNKNOWN_FIELD', pathOf(field, name), { allowed: allowed.join(', ') });
      }
      return value;
    },
    text: (fields, at, name, check) =>
      fields[name] === undefined ? problem('MISSING', pathOf(at, name)) : checked(fields[name], pathOf(at, name), check),
    texts(fields, at, name, check) {
      const value = fields[name], field = pathOf(at, name);
      if (value === undefined) return problem('MISSING', field);
      if (!Array.isArray(value)) return problem('NOT_A_LIST', field);
      if (value.length === 0) return problem('EMPTY', field);
      const read = value.map((item: unknown, index) => checked(item, `${field}[${index}]`, check));
      return read.every(item => item !== null) ? read : null;
    },
  };
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
