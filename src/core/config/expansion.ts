/** What a variable is: its text, nothing at all, or a value this text does not hold. */
export type Variable =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'elsewhere'; readonly what: string };

/** The text after expansion; `missing` names the references that could not be replaced, in their order. */
export interface Expanded {
  readonly text: string;
  readonly missing: readonly { readonly variable: string; readonly because: Exclude<Variable, { readonly kind: 'text' }> }[];
}

/**
 * Replaces `$(NAME)` as Kubernetes does in command, args and env: `$$` is a dollar, an unknown or unfinished reference
 * stays as it is (kubernetes: third_party/forked/golang/expansion/expand.go).
 */
export function expand(text: string, lookUp: (name: string) => Variable): Expanded {
  const missing: { readonly variable: string; readonly because: Exclude<Variable, { readonly kind: 'text' }> }[] = [];
  const end = text.lastIndexOf(')') + 1;
  const expanded = text.slice(0, end).replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    const found = lookUp(name);
    if (found.kind === 'text') return found.text;
    missing.push({ variable: name, because: found });
    return whole;
  });
  return { text: expanded + text.slice(end).replaceAll('$$', () => '$'), missing };
}
