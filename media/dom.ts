type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** Makes an element. Text becomes text nodes: nothing here can turn foreign text into markup. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, attributes: Attributes = {}, ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== undefined));
  return element;
}

/** A button that does something when it is pressed, by mouse or keyboard. */
export function button(label: string, press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = h('button', { type: 'button', ...attributes }, label);
  element.addEventListener('click', press);
  return element;
}

/** The element of the page with this id, which the page always has. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** Says something to a screen reader, once it has finished what it is saying. */
export const announce = (text: string): void => { byId('live').textContent = text; };
