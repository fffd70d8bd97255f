/** What a step comes to: the next state; one back; nothing to ask here; or the person left. */
export type Outcome<State> =
  | { readonly kind: 'next'; readonly state: State }
  | { readonly kind: 'back' }
  | { readonly kind: 'pass' }
  | { readonly kind: 'left' };

/** Where a question stands in its row. */
export interface Place {
  readonly title: string;
  readonly canGoBack: boolean;
}

/** One question. It gets what was answered so far. */
export type Step<State> = (state: State, place: Place) => Promise<Outcome<State>>;

export const next = <State>(state: State): Outcome<State> => ({ kind: 'next', state });
export const pass = { kind: 'pass' } as const;

/** Asks one question after the other; going back finds the answers of before. `undefined`: the person left. */
export async function runSteps<State>(title: string, initial: State, steps: readonly Step<State>[]): Promise<State | undefined> {
  const asked: { readonly at: number; readonly before: State }[] = [];
  let state = initial;
  for (let at = 0; at < steps.length;) {
    const outcome = await steps[at]?.(state, { title, canGoBack: asked.length > 0 });
    switch (outcome?.kind) {
      case undefined: case 'left': return undefined;
      case 'pass': at++; break;
      case 'next': asked.push({ at, before: state }); state = outcome.state; at++; break;
      case 'back': {
        const last = asked.pop();
        if (last) { at = last.at; state = last.before; }
        break;
      }
    }
  }
  return state;
}
